// A table to look through: a click on a header sorts, the field filters. Everything is put in as text; what is kept is how it is looked at.

function made(tag, name, attributes) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  return node;
}

function worded(tag, name, words, attributes) {
  const node = made(tag, name, attributes);
  node.textContent = words;
  return node;
}

const WORD = 18; // characters of the longest word that is kept whole
const ROOM = 25; // characters of a line in a column of sentences
const many = (count, all) => `${count.toLocaleString("en")} of ${all.toLocaleString("en")} row${all === 1 ? "" : "s"}`;
const folded = (text) => text.normalize("NFKC").toLowerCase();
const asRead = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

class Grid {
  constructor(model, el) {
    this.model = model;
    this.table = model.get("table") || {};
    const { columns = [], rows = [], called = "", at_once = 200 } = this.table;
    Object.assign(this, { columns, rows, called, step: at_once, most: at_once, heads: [] });
    this.figures = new Set(this.table.figures || []);
    const looked = model.get("looked") || {};
    this.words = String(looked.words || "");
    this.sorts = (looked.sorts || []).filter((each) => each.at < columns.length);
    this.build(el);
    this.arrange();
  }

  build(el) {
    const root = made("section", "pkg", { "aria-label": this.called, "data-lm-suppress-shortcuts": "true" });
    root.addEventListener("keydown", (event) => event.stopPropagation());
    const field = made("input", "pkg-filter", { type: "search", "aria-label": `Filter: ${this.called}`, placeholder: "Filter: rows with all of these words", autocomplete: "off", spellcheck: "false" });
    field.value = this.words;
    field.addEventListener("input", () => { this.words = field.value; this.keep(); this.arrange(); });
    this.count = made("span", "pkg-count", { role: "status", "aria-live": "polite" });
    this.again = worded("button", "pkg-plain", "As it was", { type: "button" });
    this.again.addEventListener("click", () => { this.words = field.value = ""; this.sorts = []; this.keep(); this.arrange(); field.focus(); });
    const bar = made("div", "pkg-bar");
    bar.append(field, this.count, this.again);
    const table = made("table");
    const head = made("tr");
    this.columns.forEach((name, at) => head.append(this.head(name, at)));
    const thead = made("thead");
    thead.append(head);
    this.body = made("tbody");
    table.append(worded("caption", "pkg-away", this.called), thead, this.body);
    const frame = made("div", "pkg-frame", { tabindex: "0", role: "region", "aria-label": `${this.called}: rows` });
    frame.append(table);
    this.more = worded("button", "pkg-plain", "", { type: "button" });
    this.more.addEventListener("click", () => { this.most += this.step; this.paint(); });
    root.append(bar, frame, this.more);
    el.replaceChildren(root);
  }

  head(name, at) {
    const cell = made("th", this.figures.has(at) ? "pkg-figure" : "", { scope: "col", "aria-sort": "none" });
    const press = worded("button", "pkg-head", name, { type: "button" });
    press.append(worded("span", "pkg-mark", "", { "aria-hidden": "true" }));
    press.addEventListener("click", () => this.sort(at));
    cell.append(press);
    cell.style.minWidth = `${this.width(at)}ch`;
    this.heads[at] = cell;
    return cell;
  }

  // in characters: no word is broken that a language has, and what is long gets room to be read
  width(at) {
    const texts = this.rows.slice(0, this.step).map((row) => row[at]);
    const most = (all) => all.reduce((longest, each) => Math.max(longest, each.length), 0);
    return Math.max(Math.min(most(texts.flatMap((text) => text.split(/[\s-]+/))), WORD) + 2, Math.min(most(texts) / 3, ROOM));
  }

  // up, down, then as it was; what was sorted by before decides between equals
  sort(at) {
    const last = this.sorts[this.sorts.length - 1];
    const now = last && last.at === at ? last.down : null;
    this.sorts = this.sorts.filter((each) => each.at !== at);
    if (now !== true) this.sorts.push({ at, down: now === false });
    this.keep();
    this.arrange();
  }

  keep() {
    this.model.set("looked", { words: this.words, sorts: this.sorts });
    this.model.save_changes();
  }

  compare({ at, down }) {
    const ranks = (this.table.ranks || {})[at];
    const value = ranks ? (row) => ranks[row] : (row) => this.rows[row][at] || null;
    const order = ranks ? (a, b) => a - b : asRead.compare;
    return (a, b) => {
      const [one, other] = [value(a), value(b)];
      if (one === null || other === null) return (one === null) - (other === null);
      return down ? order(other, one) : order(one, other);
    };
  }

  arrange() {
    const wanted = folded(this.words).split(/\s+/).filter(Boolean);
    this.folded ||= wanted.length ? this.rows.map((row) => folded(row.join("\u0000"))) : null;
    this.order = this.rows.map((_, at) => at).filter((at) => wanted.every((word) => this.folded[at].includes(word)));
    for (const each of this.sorts) this.order.sort(this.compare(each));
    this.most = this.step;
    this.paint();
  }

  paint() {
    const last = this.sorts[this.sorts.length - 1];
    this.heads.forEach((cell, at) => {
      const sorted = last && last.at === at ? (last.down ? "descending" : "ascending") : "none";
      cell.setAttribute("aria-sort", sorted);
      cell.querySelector(".pkg-mark").textContent = { none: "", ascending: " ▲", descending: " ▼" }[sorted];
    });
    const drawn = this.order.slice(0, this.most);
    this.body.replaceChildren(...drawn.map((row) => {
      const line = made("tr");
      line.append(...this.rows[row].map((text, at) => worded("td", this.figures.has(at) ? "pkg-figure" : "", text, { dir: "auto" })));
      return line;
    }));
    this.count.textContent = many(this.order.length, this.rows.length);
    this.again.hidden = !this.words && !this.sorts.length;
    const left = this.order.length - drawn.length;
    this.more.hidden = left <= 0;
    this.more.textContent = `Show ${Math.min(this.step, left)} more (${drawn.length.toLocaleString("en")} of ${this.order.length.toLocaleString("en")} are drawn)`;
  }
}

function render({ model, el }) {
  const shown = () => new Grid(model, el);
  model.on("change:table", shown);
  shown();
  return () => model.off("change:table", shown);
}

export default { render };

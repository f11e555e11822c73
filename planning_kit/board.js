// The form under the table of tasks: it sends what an architect does and shows what came of it. Everything is put in as text.

const TOO_LONG = 20000; // milliseconds after which a question without an answer is called unanswered

function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") node[name] = value;
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat());
  return node;
}

const button = (words, click) => h("button", { type: "button", onclick: click }, words);

function labelled(words, node) {
  node.setAttribute("aria-label", words);
  return h("label", {}, h("span", { "aria-hidden": "true" }, words), node);
}


class Board {
  constructor(model, el) {
    this.model = model;
    this.typed = { ...(model.get("typed") || {}) };
    this.next = Math.floor(Math.random() * 1e9);
    this.waits = null;
    this.root = h("section", { class: "pkt", "aria-label": "Change the tasks", "data-lm-suppress-shortcuts": "true" });
    for (const kind of ["keydown", "keypress", "keyup"]) this.root.addEventListener(kind, (event) => event.stopPropagation());
    this.said = h("div", { class: "pkt-said", role: "status", "aria-live": "polite" });
    this.body = h("div");
    this.root.append(this.body, this.said);
    el.replaceChildren(this.root);
    this.heard = (reply) => this.answer(reply);
    this.changed = () => this.paint();
    model.on("msg:custom", this.heard);
    model.on("change:board", this.changed);
    this.paint();
    if (this.typed.said) this.tell(this.typed.said, this.typed.done);
  }

  end() {
    this.model.off("msg:custom", this.heard);
    this.model.off("change:board", this.changed);
    clearTimeout(this.late);
  }

  get board() { return this.model.get("board"); }

  // the task that is worked on: numbers change with the plan, names seldom do
  get maker() {
    const { makers } = this.board;
    const { order, called } = this.typed;
    return makers.find((each) => each.order === order && each.name === called) || makers.find((each) => each.name === called) || makers.find((each) => each.order === order) || makers[0];
  }

  keep(values) {
    Object.assign(this.typed, values);
    this.model.set("typed", { ...this.typed });
    this.model.save_changes();
  }

  choice(name, words, makers, more, chosen) {
    const options = [...makers.map((each) => [each.order, `${each.order} ${each.name}`]), ...more];
    const node = h("select", { name, onchange: () => { this.keep({ [name]: Number(node.value) }); if (name === "order") { this.keep({ called: makers.find((each) => each.order === Number(node.value)).name, takes: [] }); this.paint(); } } },
      options.map(([value, text]) => h("option", { value }, text)));
    if (options.some(([value]) => value === chosen)) node.value = String(chosen);
    return labelled(words, node);
  }

  paint() {
    const { makers } = this.board;
    const now = this.maker;
    if (this.typed.order !== undefined) Object.assign(this.typed, { order: now.order, called: now.name });
    const others = makers.filter((each) => each.order !== now.order);
    const by = h("input", { type: "text", name: "by", autocomplete: "off", value: this.typed.by ?? this.board.by, oninput: () => this.keep({ by: by.value }) });
    const merge = this.choice("merge", "Merge with it", others, [], this.typed.merge);
    const move = this.choice("move", "Move in front of", others, [[0, "none: to the end"]], this.typed.move);
    const undo = button("Undo the last change", () => this.ask({ do: "undo" }));
    this.body.replaceChildren(
      h("div", { class: "pkt-row" }, this.choice("order", "Task", makers, [], now.order), labelled("Changed by", by)),
      h("div", { class: "pkt-row" }, merge, button("Merge", () => this.ask({ do: "merge", order: now.order, other: value(merge) })),
        move, button("Move", () => this.ask({ do: "move", order: now.order, other: value(move) }))),
      this.splitting(now),
      h("div", { class: "pkt-row" }, button("Drop the task", () => this.ask({ do: "drop", order: now.order })), undo));
    this.hold();
    undo.disabled = undo.disabled || !this.board.undo;
  }

  splitting(now) {
    const takes = new Set(this.typed.takes || []);
    const name = h("input", { type: "text", name: "name", autocomplete: "off", value: this.typed.name || "", oninput: () => this.keep({ name: name.value }) });
    const boxes = now.items.map(([kind, item, shown]) => {
      const box = h("input", { type: "checkbox", checked: takes.has(item), onchange: () => { box.checked ? takes.add(item) : takes.delete(item); this.keep({ takes: [...takes] }); } });
      return h("label", {}, box, h("span", { class: "pkt-kind" }, kind), h("span", { dir: "auto" }, shown));
    });
    const beside = h("input", { type: "checkbox", name: "side_by_side", checked: Boolean(this.typed.beside), onchange: () => this.keep({ beside: beside.checked }) });
    return h("fieldset", {}, h("legend", {}, `Split task ${now.order}: what becomes a task of its own`),
      h("div", { class: "pkt-items", role: "group", "aria-label": "What goes into the new task" }, boxes),
      h("div", { class: "pkt-row" }, labelled("Name of the new task", name),
        h("label", {}, beside, h("span", {}, "can be done at the same time")),
        button("Split", () => this.ask({ do: "split", order: now.order, name: name.value, takes: now.items.map((each) => each[1]).filter((each) => takes.has(each)), side_by_side: beside.checked }))));
  }

  ask(what) {
    if (this.waits !== null) return;
    this.waits = this.next++;
    this.hold();
    this.tell("…");
    this.late = setTimeout(() => { this.waits = null; this.paint(); this.tell("No answer yet: is the kernel running? Run this cell again.", false); }, TOO_LONG);
    this.model.send({ id: this.waits, seen: this.board.seen, by: this.root.querySelector("[name=by]").value, ...what });
  }

  answer(reply) {
    if (reply.to !== this.waits) return;
    clearTimeout(this.late);
    this.waits = null;
    this.keep({ said: reply.said, done: reply.done, ...(reply.done ? { name: "", takes: [], merge: undefined, move: undefined } : {}) });
    this.paint();
    this.tell(reply.said, reply.done);
  }

  hold() {
    for (const each of this.root.querySelectorAll("button")) each.disabled = this.waits !== null;
  }

  tell(words, done) {
    this.said.textContent = words;
    this.said.className = `pkt-said${done === undefined ? "" : done ? " pkt-good" : " pkt-bad"}`;
  }
}

const value = (label) => Number(label.querySelector("select").value);

function render({ model, el }) {
  const board = new Board(model, el);
  return () => board.end();
}

export default { render };

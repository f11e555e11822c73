// The review panel in a notebook. It shows what the kernel sends and sends back what a reviewer does; it decides nothing.
// Only HTML that the package's own renderer made (page.html, changes.html, remark.html, facts parts, card) is put in as HTML;
// everything else is put in as text.

const TOO_LONG = 8000; // milliseconds after which a question without an answer is called unanswered
const KEYS = [
  ["Up, Down", "in the document: the passage before, the next passage"],
  ["Enter or c", "in the document: comment on the passage"],
  ["[ and ]", "the document before, the next document"],
  ["Ctrl+Enter", "in a comment or an edit: save it"],
  ["Escape", "in a comment or an edit: close it and keep nothing"],
];

function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "safe") node.innerHTML = value;
    else if (name === "value" || name === "checked") node[name] = value;
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}

const button = (words, click, more) => h("button", { type: "button", onclick: click, ...more }, words);
const many = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
const short = (digest) => (digest || "").slice(0, 12);
const file = (name) => name.slice(name.lastIndexOf("/") + 1);

function render({ model, el }) {
  const panel = new Panel(model, el);
  panel.start();
  return () => panel.end();
}

class Panel {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.asked = new Map();
    this.next = Math.floor(Math.random() * 1e9);
    this.typed = { ...(model.get("typed") || {}) };
    this.root = h("section", {
      class: "pk", "data-lm-suppress-shortcuts": "true", "aria-label": `Review of ${this.state.title}`,
      onkeydown: (event) => this.key(event),
    });
    for (const kind of ["keypress", "keyup"]) this.root.addEventListener(kind, (event) => event.stopPropagation());
  }

  get state() { return this.model.get("state"); }
  get page() { return this.model.get("page"); }
  get facts() { return this.state.facts; }
  get open() { return this.state.documents.find((each) => each.name === this.page.name); }

  start() {
    this.said = h("div", { class: "pk-said", role: "status", "aria-live": "polite" });
    this.head = h("header", { class: "pk-head" });
    this.side = h("nav", { class: "pk-side", "aria-label": "What is under review" });
    this.main = h("div", { class: "pk-main", role: "region", "aria-label": "The document", tabindex: "-1" });
    this.waiting = h("div", { class: "pk-waiting" });
    this.root.append(this.head, this.said, h("div", { class: "pk-body" }, this.side, this.main), this.waiting, this.decide(), this.help());
    this.el.append(this.root);
    this.heard = (message) => this.hear(message);
    this.repaint = () => this.turnTo(this.state);
    this.turned = () => this.paintPage();
    this.gone = () => this.inert("This panel is inert: its kernel was restarted or has ended. Run this cell again: the panel comes back with every decision as it was recorded.");
    this.model.on("msg:custom", this.heard);
    this.model.on("change:state", this.repaint);
    this.model.on("change:page", this.turned);
    this.model.on("comm_live_update", this.gone);
    this.seen = JSON.stringify(this.state.shown);
    this.paint();
    this.paintPage();
  }

  end() {
    this.model.off("msg:custom", this.heard);
    this.model.off("change:state", this.repaint);
    this.model.off("change:page", this.turned);
    this.model.off("comm_live_update", this.gone);
    clearTimeout(this.saving);
  }

  // ---- the kernel

  ask(what, then) {
    const id = ++this.next;
    const late = setTimeout(() => this.unanswered(), TOO_LONG);
    this.asked.set(id, { then, late });
    this.root.setAttribute("aria-busy", "true");
    this.model.send({ id, ...what });
  }

  hear(message) {
    const asked = this.asked.get(message.to);
    if (message.settled) return this.settled(message);
    if (!asked) return;
    clearTimeout(asked.late);
    this.asked.delete(message.to);
    if (!this.asked.size) this.root.removeAttribute("aria-busy");
    if (message.said) this.say(message.said, message.done ? "done" : "stop");
    else if (this.late) this.say("", "done");
    this.late = false;
    if (message.done) asked.then?.(message);
    if (message.again) this.said.append(this.link("notebook:run-all-cells", "Have it written again (runs all cells; nothing is asked or paid for twice)"));
  }

  say(words, kind) {
    this.said.className = `pk-said pk-${kind}`;
    this.said.setAttribute("role", kind === "stop" ? "alert" : "status");
    this.said.replaceChildren(...(words ? [h("p", {}, words)] : []));
  }

  settled(message) {
    for (const each of this.asked.values()) clearTimeout(each.late);
    this.asked.clear();
    this.root.classList.add("pk-settled");
    this.root.replaceChildren(h("div", { safe: message.card }), message.go ? "" : this.link("notebook:run-all-cells", "Have it written again"));
    if (!message.go) return;
    const on = this.link("notebook:run-all-below", "Run the cells below");
    this.root.append(h("p", {}, "The cells below are run now. If nothing happens: ", on));
    on.click();
  }

  link(command, words) {
    return button(words, null, { "data-commandlinker-command": command, "data-commandlinker-args": "{}" });
  }

  unanswered() {
    if (!this.head.isConnected) return;
    this.late = true;
    this.say("The kernel has not answered yet. If a cell is running, what you did is done when it ends. If the kernel was restarted, this panel is inert: run this cell again, and it comes back with everything that was recorded.", "stop");
  }

  inert(words) {
    if (!this.head.isConnected) return;
    this.say(words, "stop");
    this.root.classList.add("pk-inert");
    for (const each of this.root.querySelectorAll("button, textarea, input")) each.disabled = true;
  }

  // what is typed survives a reload of the page as long as the kernel lives
  type(name, value) {
    this.typed = { ...this.typed, [name]: value };
    clearTimeout(this.saving);
    this.saving = setTimeout(() => { this.model.set("typed", this.typed); this.model.save_changes(); }, 400);
  }

  by() { return this.root.querySelector("[name=by]").value; }

  shown() {
    const seen = { ...this.state.shown };
    if (this.page.name in seen && !this.facts) seen[this.page.name] = this.page.digest;
    return seen;
  }

  turnTo(state) {
    const other = this.facts && JSON.stringify(state.shown) !== this.seen;
    this.seen = JSON.stringify(state.shown);
    this.paint();
    if (other) this.forget(); // the facts are others now: what was typed into the form was about those before
  }

  // ---- keys

  key(event) {
    event.stopPropagation();
    const writing = event.target.closest("textarea, input, select");
    if (event.key === "Escape" || (event.key === "Enter" && event.ctrlKey)) {
      const form = event.target.closest("[data-form]");
      const which = event.key === "Escape" ? "[data-close]" : "[data-save]";
      if (form?.querySelector(which)) { event.preventDefault(); form.querySelector(which).click(); }
      return;
    }
    if (writing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "[" || event.key === "]") return this.turn(event.key === "]" ? 1 : -1, event);
    const block = event.target.closest(".pk-doc [data-line]");
    if (!block || event.target.closest("button")) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return this.step(block, event.key === "ArrowDown" ? 1 : -1, event);
    if (event.key === "c" || event.key === "Enter") { event.preventDefault(); this.commentOn(block); }
  }

  turn(by, event) {
    const names = this.state.documents.map((each) => each.name);
    const at = names.indexOf(this.page.name) + by;
    if (at < 0 || at >= names.length) return;
    event.preventDefault();
    this.show(names[at], true);
  }

  step(block, by, event) {
    const all = this.blocks();
    const next = all[all.indexOf(block) + by];
    if (!next) return;
    event.preventDefault();
    this.focusBlock(next);
  }

  focusBlock(block) {
    for (const each of this.blocks()) each.tabIndex = -1;
    block.tabIndex = 0;
    block.focus({ preventScroll: true });
    block.scrollIntoView({ block: "nearest" });
  }

  help() {
    const rows = KEYS.map(([keys, words]) => h("tr", {}, h("td", {}, h("kbd", {}, keys)), h("td", {}, words)));
    return h("details", { class: "pk-help" }, h("summary", {}, "Keys"), h("table", {}, h("tbody", {}, rows)));
  }
}

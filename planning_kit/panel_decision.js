// The facts with their form, and the decision.

Object.assign(Panel.prototype, {
  understood() {
    const { parts, form } = this.facts;
    const shown = parts.filter((each) => each.html).map((each) => h("div", { "data-part": each.name, class: "pk-part" }, h("div", { safe: each.html }),
      this.state.can_be_sent_back ? button(`Comment on the ${each.part}`, () => this.commentOn(null, each.name)) : ""));
    const fields = [];
    const field = (name, words, node) => { node.name = name; node.addEventListener("input", () => this.type(`facts.${name}`, node.value)); fields.push(h("label", {}, h("span", {}, words), node)); };
    const kept = (name, now) => this.typed[`facts.${name}`] ?? now;
    if (form.text !== undefined) field("text", "Correct", h("textarea", { rows: Math.min(24, form.text.split("\n").length + 1), value: kept("text", form.text), spellcheck: "false", class: "pk-edit" }));
    if (form.moves !== undefined) field("moves", "Passages", h("input", { type: "text", value: kept("moves", ""), placeholder: "passages that are something else, like: P17 quality, P20 out of scope" }));
    for (const each of form.questions) fields.push(this.question(each, kept));
    const save = fields.length ? h("div", { class: "pk-row" }, button("Save the corrections", () => this.ask({ do: "correct", corrected: this.corrected(), by: this.by(), shown: this.state.shown }, () => this.forget()), { "data-save": true })) : "";
    return [h("div", { class: "pk-facts", "data-form": true }, shown, fields, save)];
  },

  question(each, kept) {
    const name = `answer.${each.id}`;
    const choices = [...each.options.map((one) => [one.letter, `${one.letter}. ${one.text}${one.recommended ? ` (recommended: ${each.because})` : ""}`]), ["own", "in my own words"], ["", "leave open: what is recommended is assumed"]];
    const chosen = kept(name, each.choice);
    return h("fieldset", { "data-question": each.id }, h("legend", {}, `${each.id}. ${each.asks}${each.passages.length ? ` [${each.passages.join(", ")}]` : ""}`),
      h("p", { class: "pk-quiet" }, `changes: ${each.changes}`),
      choices.map(([value, words]) => h("label", { class: "pk-choice" }, h("input", { type: "radio", name: `${name}.${this.next}`, value, checked: value === chosen, onchange: () => this.type(`facts.${name}`, value) }), h("span", {}, words))),
      h("label", {}, h("span", {}, `${each.id} in my own words`), h("input", { type: "text", "data-own": true, value: kept(`own.${each.id}`, each.own), oninput: (event) => this.type(`facts.own.${each.id}`, event.target.value) })));
  },

  // what the form says, also while something else is shown in its place
  corrected() {
    if (!this.facts) return null;
    const { form } = this.facts;
    const now = (name, before) => this.typed[`facts.${name}`] ?? before;
    const answers = form.questions.map((each) => [each.id, { choice: now(`answer.${each.id}`, each.choice), own: now(`own.${each.id}`, each.own) }]);
    return { text: form.text === undefined ? null : now("text", form.text), moves: now("moves", ""), answers: Object.fromEntries(answers) };
  },

  forget() {
    this.typed = Object.fromEntries(Object.entries(this.typed).filter(([name]) => !name.startsWith("facts.")));
    this.type("comment", this.typed.comment || "");
    if (!this.page.name) this.paintPage();
  },

  decide() {
    const by = h("input", { type: "text", name: "by", value: this.typed.by ?? this.state.by, autocomplete: "off", oninput: (event) => this.type("by", event.target.value) });
    const comment = h("textarea", { name: "comment", rows: 2, value: this.typed.comment || "", oninput: (event) => this.type("comment", event.target.value) });
    this.buttons = h("div", { class: "pk-row" });
    this.names = h("p", { class: "pk-quiet" });
    return h("div", { class: "pk-decide", role: "group", "aria-label": "Decide" },
      h("label", {}, h("span", {}, "Decided by"), by), h("label", {}, h("span", {}, "Comment"), comment), this.buttons, this.names);
  },

  paintDecision() {
    const { state } = this;
    const several = state.documents.length > 1;
    const clean = state.documents.filter((each) => !each.findings && !each.approved).length;
    this.root.querySelector("[name=comment]").placeholder = state.can_be_sent_back ? "for 'Send back', unless comments wait; the authors read it" : "optional; kept with the decision";
    this.buttons.replaceChildren(
      button(several ? "Approve all" : "Approve", () => this.approve(null), { class: "pk-yes" }),
      ...(several && clean && clean < state.documents.length ? [button("Approve all without findings", () => this.approve("clean"), {})] : []),
      ...(state.can_be_sent_back ? [button("Send back", () => this.back(), { class: "pk-no" })] : []),
      state.comments.length ? h("span", { class: "pk-quiet" }, `'Send back' carries ${many(state.comments.length, "comment")}`) : "");
    const named = Object.entries(state.shown).map(([name, digest]) => `${file(name)} ${short(digest) || "not written"}`);
    this.names.textContent = `A decision names exactly what is shown: ${named.join(", ")}. Journal: ${many(state.gate.records, "record")}, head ${short(state.gate.head)}.`;
  },

  approve(names) {
    const seen = this.shown();
    const shown = Array.isArray(names) ? Object.fromEntries(names.map((name) => [name, seen[name]])) : seen;
    this.ask({ do: "approve", names, shown, corrected: this.corrected(), by: this.by(), comment: this.root.querySelector("[name=comment]").value }, () => this.cleared());
  },

  back() {
    this.ask({ do: "send back", shown: this.shown(), by: this.by(), comment: this.root.querySelector("[name=comment]").value }, () => this.cleared());
  },

  cleared() {
    const comment = this.root.querySelector("[name=comment]");
    if (comment) { comment.value = ""; this.type("comment", ""); }
  },
});

export default { render };

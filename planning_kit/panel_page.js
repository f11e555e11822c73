// What the panel paints: the list, the open document with what belongs to it, the facts with their form, the decision.

Object.assign(Panel.prototype, {
  // ---- the head and the list

  paint() {
    const { state } = this;
    const found = state.documents.reduce((sum, each) => sum + each.findings, 0) + state.findings.length;
    const approved = state.documents.filter((each) => each.approved).length;
    const counted = state.documents.length ? `${approved} of ${many(state.documents.length, "document")} approved · ` : "";
    this.head.replaceChildren(
      h("h3", {}, `${state.title}: ${state.gate.open ? "approved" : "to be decided"}`),
      h("p", { class: "pk-quiet" }, `${state.gate.place ? `${state.gate.place} · ` : ""}${counted}${found ? many(found, "finding") : "no findings"} · run ${state.run}`),
      state.gate.needs ? h("p", {}, state.gate.needs) : "",
      h("ul", { class: "pk-why" }, state.gate.why.map((each) => h("li", {}, each))),
      state.findings.length ? h("ul", { class: "pk-found" }, state.findings.map((each) => h("li", {}, each))) : "",
    );
    this.paintSide();
    this.paintWaiting();
    this.paintDecision();
    if (this.open) this.main.querySelector(".pk-about")?.replaceWith(this.about());
  },

  heading(title) {
    const end = [": ", ", "].map((mark) => mark + this.state.feature).find((each) => title.endsWith(each)) || "";
    return title.slice(0, title.length - end.length);
  },

  paintSide() {
    const { state, page } = this;
    const entry = (each) => {
      const about = [each.verdict];
      if (each.findings) about.push(each.errors ? `${many(each.findings, "finding")}, ${many(each.errors, "error")}` : many(each.findings, "finding"));
      if (each.pending) about.push(many(each.pending, "comment"));
      const kind = each.approved ? "pk-ok" : each.errors ? "pk-bad" : "";
      return h("li", {}, button([h("span", { class: "pk-name" }, this.heading(each.title)), h("span", { class: `pk-quiet ${kind}` }, about.join(" · "))],
        () => this.show(each.name), { "aria-current": page.name === each.name ? "true" : false, class: "pk-pick" }));
    };
    const rests = (each) => h("li", {}, button(file(each.name), () => this.show(each.name), { class: "pk-link", title: each.name, "aria-current": page.name === each.name ? "true" : false }),
      h("span", { class: "pk-quiet" }, ` ${short(each.digest)}${each.approved ? " · approved" : ""}`));
    const outline = (page.outline || []).filter((each) => each.level <= 3).map((each) =>
      h("li", { class: `pk-level${each.level}` }, button(each.text, () => this.go(each.line), { class: "pk-link" })));
    const part = (title, items) => (items.length ? [h("h4", {}, title), h("ul", {}, items)] : []);
    const base = Object.entries(this.facts ? state.shown : {}).filter(([name]) => !name.includes(": ")).map(([name, digest]) => ({ name, digest }));
    this.side.replaceChildren(
      ...part(state.documents.length === 1 ? "Document" : "Documents", state.documents.map(entry)),
      ...(this.facts ? part("Under review", [h("li", {}, button("What was understood", () => this.show(""), { class: "pk-pick", "aria-current": page.name ? false : "true" })), ...base.map(rests)]) : []),
      ...part("Outline", outline),
      ...part("Rests on", state.rests_on.map(rests)),
    );
  },

  show(name, focus) {
    if (this.facts && !name && !this.page.name) return;
    this.editing = null;
    this.ask({ do: "open", name }, () => { if (focus) this.main.focus(); });
  },

  go(line) {
    const all = this.blocks();
    const at = all.filter((each) => Number(each.dataset.line) <= line).pop() || all[0];
    if (!at) return;
    this.focusBlock(at);
    at.scrollIntoView({ block: "start" });
  },

  // ---- the open page

  paintPage() {
    this.paintSide();
    this.over = null;
    const { page } = this;
    if (this.editing) return this.main.replaceChildren(this.editor());
    if (!page.name && this.facts) return this.main.replaceChildren(...this.understood());
    if (page.read_only || !this.open) return this.main.replaceChildren(...this.alone());
    this.doc = h("div", { class: "pk-doc mathjax_ignore tex2jax_ignore", safe: page.html });
    const top = this.read === page.name ? this.main.scrollTop : 0;
    this.read = page.name;
    this.main.replaceChildren(this.about(), ...this.noted(), this.doc);
    this.main.scrollTop = top;
    this.arm();
    this.paintWaiting();
  },

  alone() {
    const { page } = this;
    if (!page.html) return [h("p", { class: "pk-quiet" }, "There is nothing to read here yet: no document is written. Run the cell that consults.")];
    return [h("h4", {}, page.name), h("p", { class: "pk-quiet" }, `read here only · ${short(page.digest)}`), h("div", { class: "pk-doc mathjax_ignore tex2jax_ignore", safe: page.html })];
  },

  about() {
    const each = this.open;
    const cost = [each.tokens ? `${each.tokens.toLocaleString("en")} tokens` : "", each.dollars === null ? "" : `$${each.dollars.toFixed(2)}${each.among > 1 ? ` for all ${each.among} of this seat` : ""}`];
    const facts = [`version ${each.version}`, each.author, each.model, ...cost, `${each.words.toLocaleString("en")} words`, each.file, short(each.digest)];
    return h("div", { class: "pk-about" }, h("p", { class: "pk-quiet" }, facts.filter(Boolean).join(" · ")),
      h("div", { class: "pk-row" },
        this.state.can_be_sent_back ? button("Comment on the document", () => this.commentOn(null)) : "",
        button("Edit", () => this.edit()),
        this.state.documents.length > 1 ? button("Approve this document", () => this.approve([each.name]), { disabled: each.approved }) : "",
        button("Look again", () => this.show(each.name), { title: "Read the file anew" })));
  },

  noted() {
    const { page } = this;
    const parts = [];
    const jump = (line, words) => (line ? button(words, () => this.go(line), { class: "pk-link" }) : h("span", {}, "the whole"));
    if (page.findings.length)
      parts.push(h("details", { open: true, class: "pk-findings" }, h("summary", {}, `What the checks found: ${many(page.findings.length, "finding")}`),
        h("ul", {}, page.findings.map((each) => h("li", { class: each.severity === "error" ? "pk-bad" : "" }, h("strong", {}, each.severity), " ", jump(each.line, `line ${each.line}`), `: ${each.message}`,
          each.hint ? h("div", {}, `→ ${each.hint}`) : "", each.shown ? h("div", {}, h("code", {}, each.shown)) : "", h("div", { class: "pk-quiet" }, each.rule))))));
    if (page.remarks.length)
      parts.push(h("details", { open: true, class: "pk-remarks" }, h("summary", {}, `What reviewers asked for, and what was done: ${many(page.remarks.length, "remark")}`),
        h("ul", {}, page.remarks.map((each) => h("li", {}, h("p", {}, h("strong", {}, each.name), ` ${each.text}`), h("p", { class: "pk-quiet" }, `${each.by}, ${each.at} · ${each.where}`),
          h("p", { class: "pk-dealt" }, h("strong", {}, "What was done: "), each.words), each.html ? h("details", {}, h("summary", {}, "How it changed"), h("div", { safe: each.html })) : "")))));
    const { changes } = page;
    if (changes.since)
      parts.push(h("details", { class: "pk-changes", open: page.remarks.length > 0 }, h("summary", {}, `What changed since ${changes.since}: ${changes.sections.length ? many(changes.sections.length, "section") : "nothing"}`),
        h("div", { safe: changes.html })));
    if (page.notes.length) parts.push(h("details", { class: "pk-notes" }, h("summary", {}, "What was checked, and how it was mended"), h("ul", {}, page.notes.map((each) => h("li", {}, each)))));
    return parts;
  },

  blocks() { return this.doc ? [...this.doc.querySelectorAll("[data-line]")] : []; },

  section(line) {
    const above = (this.page.outline || []).slice(1).filter((each) => each.line <= line);
    return above.length ? above[above.length - 1].text : "";
  },

  // a button at every heading, and one that follows the pointer and the keyboard from passage to passage
  arm() {
    if (!this.state.can_be_sent_back) { this.blocks().slice(0, 1).forEach((each) => { each.tabIndex = 0; }); return; }
    const all = this.blocks();
    all.forEach((each, at) => { each.tabIndex = at ? -1 : 0; });
    for (const each of all.filter((one) => /^H[1-6]$/.test(one.tagName)).slice(1))
      each.append(" ", button("Comment", () => this.commentOn(each), { class: "pk-mini", "aria-label": `Comment on section ${each.textContent}` }));
    this.hand = button("Comment", () => this.commentOn(this.under), { class: "pk-mini pk-hand", hidden: true, tabindex: "-1", "aria-label": "Comment on this passage" });
    this.hand.addEventListener("mousedown", (event) => event.preventDefault());
    this.doc.append(this.hand);
    const reach = (event) => this.reach(event.target.closest?.("[data-line]"));
    this.doc.addEventListener("mouseover", reach);
    this.doc.addEventListener("focusin", reach);
    this.doc.addEventListener("mouseup", () => this.selected());
  },

  reach(block) {
    if (!block || this.hand.contains(block) || /^H[1-6]$/.test(block.tagName)) return;
    this.under = block;
    this.hand.textContent = "Comment";
    this.hand.hidden = false;
    this.hand.style.top = `${block.getBoundingClientRect().top - this.doc.getBoundingClientRect().top}px`;
  },

  selected() {
    const chosen = document.getSelection();
    const text = chosen && !chosen.isCollapsed && this.doc.contains(chosen.anchorNode) ? chosen.toString().trim() : "";
    this.quote = text.slice(0, 300);
    if (!text) return;
    const from = chosen.getRangeAt(0).startContainer;
    const block = (from.nodeType === 1 ? from : from.parentElement).closest("[data-line]");
    if (block) { this.under = block; this.reach(block); this.hand.textContent = "Comment on the selection"; this.hand.hidden = false; }
  },

  commentOn(block, part) {
    this.root.querySelector(".pk-write")?.remove();
    const line = block ? Number(block.dataset.line) : 0;
    const heading = block && /^H[1-6]$/.test(block.tagName);
    const section = line ? this.section(line) : "";
    const words = block && !heading ? this.quote || [...block.childNodes].filter((node) => !(node.nodeType === 1 && node.matches("button, ul, ol, .pk-write"))).map((node) => node.textContent).join(" ").replace(/\s+/g, " ").trim().slice(0, 300) : "";
    const about = part || (block ? (heading ? `section '${section || this.open.title}'` : `“${words.slice(0, 120)}”`) : "the whole document");
    const said = h("textarea", { rows: 3, "aria-label": `Comment on ${about}`, placeholder: "what its author should change" });
    const close = () => { form.remove(); if (block) this.focusBlock(block); };
    const save = () => this.ask({ do: "comment", document: part || this.page.name, section, line: heading ? 0 : line, quote: words, text: said.value, by: this.by() }, close);
    const form = h("div", { class: "pk-write", "data-form": true }, h("p", { class: "pk-quiet" }, `About ${about}`), said,
      h("div", { class: "pk-row" }, button("Save comment", save, { "data-save": true }), button("Close", close, { "data-close": true })));
    this.quote = "";
    if (part) this.main.querySelector(`[data-part="${CSS.escape(part)}"]`).append(form);
    else if (block) this.after(block).after(form);
    else this.doc.before(form);
    said.focus();
  },

  after(block) {
    let at = block;
    while (at.parentElement && at.parentElement !== this.doc) at = at.parentElement;
    return at;
  },

  // ---- comments that wait

  paintWaiting() {
    const { state } = this;
    for (const each of this.root.querySelectorAll(".pk-doc .pk-comment, .pk-facts .pk-comment")) each.remove();
    const card = (each) => h("div", { class: "pk-comment" }, h("p", {}, each.text), h("p", { class: "pk-quiet" }, `${each.by} · ${each.document ? `${file(each.document)}, ` : ""}${each.where} `,
      button("Take back", () => this.ask({ do: "withdraw", seq: each.seq, by: this.by() }), { class: "pk-link", "aria-label": `Take back the comment: ${each.text.slice(0, 60)}` })));
    for (const each of state.comments.filter((one) => one.document === this.page.name && this.doc && (one.line || one.section))) {
      const start = each.same && each.line ? each.line : (this.page.outline || []).find((one) => one.text === each.section)?.line || 0;
      const block = this.blocks().filter((one) => Number(one.dataset.line) <= start).pop();
      if (block && !this.page.read_only) this.after(block).after(card(each));
    }
    this.waiting.replaceChildren(...(state.comments.length ? [h("h4", {}, `${many(state.comments.length, "comment")} for 'Send back'`), ...state.comments.map(card)] : []));
  },

  // ---- editing

  edit() {
    this.ask({ do: "text", name: this.page.name }, (message) => {
      this.editing = message;
      this.paintPage();
      this.main.querySelector("textarea").focus();
    });
  },

  editor() {
    const { name, text, digest } = this.editing;
    const area = h("textarea", { class: "pk-edit", value: text, spellcheck: "false", oninput: () => { this.editing.text = area.value; }, "aria-label": `The text of ${file(name)}, in Markdown` });
    const close = () => { this.editing = null; this.paintPage(); };
    const save = () => this.ask({ do: "edit", name, text: area.value, seen: digest, by: this.by() }, close);
    return h("div", { class: "pk-write", "data-form": true }, h("p", { class: "pk-quiet" }, `${file(name)}, in Markdown: saving makes a new version with your name`), area,
      h("div", { class: "pk-row" }, button("Save as a new version", save, { "data-save": true }), button("Close without saving", close, { "data-close": true })));
  },
});

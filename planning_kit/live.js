// Seats at work: one line each and the end of what they write. Everything is put in as text; nothing is sent back.

const HEADER = ["Consultant", "Document", "State", "Words", "Tokens", "Dollars", "Seconds"];
const SMALL = 3; // the columns from here on are figures
const MANY = 7; // from so many seats on each shows one line of what it writes, so that all of them are seen at once

function made(tag, name, attributes) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  return node;
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function row(body) {
  const line = made("tr", "pkl-line");
  const cells = HEADER.map((_, at) => made(at ? "td" : "th", at >= SMALL ? "pkl-figure" : "", at ? {} : { scope: "row" }));
  line.append(...cells);
  const under = made("tr", "pkl-under");
  const place = made("td", "", { colspan: HEADER.length });
  const text = made("div", "pkl-tail", { role: "log", "aria-live": "off", dir: "auto" });
  const words = made("div");
  text.append(words);
  place.append(text);
  under.append(place);
  body.append(line, under);
  return { line, cells, text, words };
}

function paint(frame, parts) {
  put(parts.head, frame.line || "");
  put(parts.said, frame.said || "");
  put(parts.note, frame.note || "");
  parts.note.hidden = !frame.note;
  parts.root.classList.toggle("pkl-many", (frame.rows || []).length >= MANY);
  (frame.rows || []).forEach((each, at) => {
    const seat = (parts.rows[at] ||= row(parts.body));
    each.cells.forEach((cell, column) => put(seat.cells[column], cell));
    seat.line.dataset.state = each.state;
    seat.text.setAttribute("aria-label", `What ${each.cells[0]} writes`);
    put(seat.words, each.tail);
    seat.text.hidden = !each.tail || each.state === "done" || each.state === "kept";
  });
}

function render({ model, el }) {
  const root = made("section", "pkl", { "aria-label": "Consultants at work" });
  const table = made("table");
  const caption = made("caption", "pkl-away");
  caption.textContent = "Who writes which document, and how far they are";
  const top = made("tr");
  top.append(...HEADER.map((words, at) => {
    const head = made("th", at >= SMALL ? "pkl-figure" : "", { scope: "col" });
    head.textContent = words;
    return head;
  }));
  const thead = made("thead");
  thead.append(top);
  const body = made("tbody");
  table.append(caption, thead, body);
  const parts = {
    root, head: made("p", "pkl-head"), note: made("p", "pkl-note"), body, rows: [],
    said: made("p", "pkl-away", { role: "status", "aria-live": "polite" }),
  };
  root.append(parts.head, parts.said, parts.note, table);
  el.replaceChildren(root);
  const now = () => paint(model.get("frame") || {}, parts);
  model.on("change:frame", now);
  now();
  return () => model.off("change:frame", now);
}

export default { render };

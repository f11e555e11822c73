// Runs beside Mermaid in one QuickJS context: a diagram is parsed once, and what Mermaid knows of it or says against it is left in `answer`.

// QuickJS does not optimise patterns that begin with ^, which Mermaid's lexers try at every token: sticky ones are equal and fast.
(() => { const match = String.prototype.match, made = new Map();
String.prototype.match = function (rule) {
  if (!(rule instanceof RegExp) || rule.global || rule.sticky || rule.multiline || !rule.source.startsWith("^(?:")) return match.call(this, rule);
  let sticky = made.get(rule);
  if (!sticky) { sticky = new RegExp(rule.source.slice(1), rule.flags + "y"); made.set(rule, sticky); }
  sticky.lastIndex = 0;
  return match.call(this, sticky);
}; })();

globalThis.looked = (() => {
  const text = (value) => value === undefined || value === null ? "" : String(value);
  const pairs = (values) => values instanceof Map ? [...values] : Object.entries(values || {});
  const names = (values) => pairs(values).map(([name]) => name);
  const words = (classes) => text(classes).split(" ").filter((name) => name && name !== "default");

  const kinds = {
    sequence: (db) => ({
      participants: pairs(db.getActors()).map(([id, each]) => [id, text(each.description)]),
      messages: db.getMessages().filter((each) => each.from && each.to && each.type !== db.LINETYPE.NOTE && each.type !== db.LINETYPE.CENTRAL_CONNECTION)
        .map((each) => [text(each.from), text(each.to), text(each.message)]),
    }),
    er: (db) => {
      const called = new Map(pairs(db.getEntities()).map(([name, each]) => [each.id, name]));
      return {
        entities: pairs(db.getEntities()).map(([name, each]) => [name, text(each.alias), each.attributes.map((one) => [text(one.name), text(one.type), one.keys || [], text(one.comment)]), words(each.cssClasses)]),
        relations: db.getRelationships().map((each) => [called.get(each.entityA), called.get(each.entityB), text(each.roleA), each.relSpec.cardB, each.relSpec.cardA]),
        styles: names(db.getClasses()),
      };
    },
    class: (db) => ({
      classes: pairs(db.getClasses()).map(([name, each]) => [name, text(each.label), each.members.map((one) => text(one.id)), each.methods.map((one) => text(one.id)), words(each.cssClasses)]),
      relations: db.getRelations().map((each) => [text(each.id1), text(each.id2), each.title === "none" ? "" : text(each.title)]),
      styles: db.styleClasses ? names(db.styleClasses) : null,
    }),
    stateDiagram: (db) => {
      const states = [], transitions = [];
      const label = (each) => text([].concat(each.descriptions && each.descriptions.length ? each.descriptions : each.description || [])[0]);
      const marked = (each) => [...(each.classes || [])];
      const known = db.getStates();
      const walk = (doc, inside) => doc.forEach((each) => {
        if (each.stmt === "state") {
          states.push([each.id, label(each), inside, marked(known.get ? known.get(each.id) || each : each)]);
          if (each.doc) walk(each.doc, each.id);
        } else if (each.stmt === "relation") {
          const [from, to] = [each.state1, each.state2];
          for (const one of [from, to]) states.push([one.id, label(one), inside, marked(known.get ? known.get(one.id) || one : one)]);
          transitions.push([from.id, to.id, text(each.description)]);
        }
      });
      walk(db.getRootDocV2().doc || [], "");
      return { states, transitions, styles: names(db.getClasses()) };
    },
    flowchart: (db) => ({
      nodes: pairs(db.getVertices()).map(([id, each]) => [id, text(each.text === undefined ? id : each.text), [...each.classes]]),
      edges: db.getEdges().map((each) => [each.start, each.end, text(each.text)]),
      groups: db.getSubGraphs().map((each) => [each.id, text(each.title), [...each.nodes], [...each.classes]]),
      styles: names(db.getClasses()),
    }),
    c4: (db) => ({
      elements: db.getC4ShapeArray().map((each) => [each.alias, text(each.label && each.label.text), text(each.typeC4Shape && each.typeC4Shape.text), text(each.parentBoundary)]),
      boundaries: db.getBoundaries().map((each) => [each.alias, text(each.label && each.label.text), text(each.parentBoundary)]),
      relations: db.getRels().map((each) => [each.from, each.to, text(each.label && each.label.text)]),
    }),
    gantt: (db) => {
      const guessed = [], Plain = Date;  // Mermaid falls back on the guesses of Date for what is not in its format
      globalThis.Date = class extends Plain { constructor(...parts) { if (parts.length === 1 && typeof parts[0] === "string") guessed.push(parts[0]); super(...parts); } };
      try {
        const tasks = db.getTasks().map((each) => [each.id, text(each.task), text(each.raw && each.raw.data), !isNaN(each.startTime) && !isNaN(each.endTime), each.endTime < each.startTime]);
        return { tasks, guessed, format: text(db.getDateFormat()) };
      } catch (fault) {
        return { tasks: [], guessed, format: text(db.getDateFormat()), invalid: text(fault.message) };
      } finally {
        globalThis.Date = Plain;
      }
    },
  };
  const same = { "flowchart-v2": "flowchart", "flowchart-elk": "flowchart", classDiagram: "class", state: "stateDiagram" };

  const fault = (error) => {
    if (error === null || typeof error !== "object") return { message: text(error) };
    const found = { name: text(error.name), message: text(error.message || error) };
    if (error.hash) found.hash = { text: text(error.hash.text), token: text(error.hash.token), line: error.hash.line, loc: error.hash.loc, expected: error.hash.expected };
    if (error.result) {
      const token = (one) => one && !isNaN(one.startLine) ? { line: one.startLine, column: one.startColumn, text: text(one.image), endLine: one.endLine, endColumn: one.endColumn } : null;
      found.lexer = error.result.lexerErrors.map((one) => ({ line: one.line, column: one.column, length: one.length, message: one.message }));
      found.parser = error.result.parserErrors.map((one) => ({ message: one.message, at: token(one.token), after: token(one.previousToken) }));
    }
    if (error.mark) { found.mark = { line: error.mark.line, column: error.mark.column }; found.message = text(error.reason || error.message); }
    return found;
  };

  const read = async (source) => {
    try {
      // What mermaid.parse does, without doing it twice; a head or a directive sets options that only mermaid.parse sets.
      if (/^[^\S\n]*---\s*$|%%\s*\{/m.test(source)) await mermaid.parse(source); else mermaid.mermaidAPI.reset();
      const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(source);
      const kind = same[type] || type;
      return { type: kind, ...(kinds[kind] ? kinds[kind](db) : {}) };
    } catch (error) {
      return { fault: fault(error) };
    }
  };
  const whole = (key, value) => value instanceof Map ? [...value] : value instanceof Set ? [...value] : typeof value === "bigint" ? Number(value) : value;
  return (source) => { globalThis.answer = null; read(source).then((found) => { answer = JSON.stringify(found, whole); }); };
})();

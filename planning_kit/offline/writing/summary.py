"""The backend summary, compiled from the five documents as they stand, edits by a person included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ...document import Document, Table
from ..facts import Question
from .answers import Answer
from .draft import Draft
from .markdown import bullets, code, listing, quote, section, table

HONEST = "*Compiled by rule from the five documents it links; where one of them was edited, this follows the edit.*"
SHOWN = 15
"""Most open questions the summary lists itself."""
_PARTS = (
    ("API Overview", "04", "api-design"), ("Data Model", "05", "data-model"), ("Technology Decisions", "06", "tech-recommendations"),
    ("Security Controls", "07", "security-requirements"), ("Compliance Requirements", "08", "compliance-requirements"),
)  # fmt: skip


def write(feature: str, documents: Sequence[Document], answers: Sequence[Answer] = ()) -> str:
    """The text of ``00-backend-summary.md``; a document that is missing is said to be missing."""
    found = {number: _find(documents, number) for _, number, _ in _PARTS}
    contract = _contract(documents, found["04"])
    compiled = {
        "04": lambda document: _api(document, contract),
        "05": _data,
        "06": _technology,
        "07": _security,
        "08": _compliance,
    }
    draft = Draft(f"Backend Summary: {quote(feature)}", honest=HONEST)
    for title, number, name in _PARTS:
        document = found[number]
        if document is None:
            draft.add(title, f"{number}-{name}.md was not there to be compiled.")
            draft.questions.append(
                Question("", f"What does {number}-{name}.md decide?", "nothing is taken over from it")
            )
            continue
        file = document.name.rsplit("/", 1)[-1]
        draft.add(title, f"{_decided(document)} Whole: [{file}]({file}).".strip(), *compiled[number](document))
    draft.add("Implementation Order", _order(found, contract))
    draft.assumptions += _closing(found.values(), "Assumptions")
    draft.decisions = _decisions(found)
    return _with_questions(draft, _ranked(found), answers)


def _with_questions(draft: Draft, lines: list[str], answers: Sequence[Answer]) -> str:
    """The draft's text with the documents' own questions, already Markdown, under *Open questions*."""
    text = draft.text(answers)
    if not lines:
        return text
    head, rest = text.split("\n## Open questions\n\n", 1)
    own, _, after = rest.partition("\n\n## ")
    kept = [own] if own.startswith("- ") else []
    return f"{head}\n{section('Open questions', chr(10).join([*kept, bullets(lines)]))}\n\n## {after}"


def _ranked(found: dict[str, Document | None]) -> list[str]:
    """The questions that change most, those with passages and those about interface, tables and access first; the rest counted by document."""
    asked: list[tuple[int, int, str, str]] = []
    seen: set[str] = set()
    for number, document in found.items():
        for at, line in enumerate(_closing((document,), "Open questions")):
            plain = re.sub(r"\W+", " ", line.split(" Until answered:")[0]).casefold()
            if plain not in seen:
                cited = bool(re.search(r"\[[PRQA]\d+\]", line))
                deep = number in ("04", "05", "07") or "which law" in plain or "how long" in plain
                asked.append((-2 * cited - deep, at, line, number))
            seen.add(plain)
    asked.sort(key=lambda one: one[:2])
    lines = [line for _, _, line, _ in asked[:SHOWN]]
    for number, document in found.items():
        left = sum(1 for *_, of in asked[SHOWN:] if of == number)
        if document and left:
            file = document.name.rsplit("/", 1)[-1]
            lines.append(f"{left} more {'question' if left == 1 else 'questions'} in [{file}]({file}).")
    return lines


def _find(documents: Sequence[Document], number: str) -> Document | None:
    return next((d for d in documents if d.name.rsplit("/", 1)[-1].startswith(f"{number}-")), None)


def _table(document: Document, title: str) -> Table | None:
    return next((t for t in document.tables if t.section.casefold() == title.casefold()), None)


def _columns(found: Table | None, *names: str) -> list[tuple[str, ...]]:
    """The named columns of a table's rows; a column that is not there is empty."""
    if found is None:
        return []
    header = [cell.casefold() for cell in found.header]
    at = [header.index(name.casefold()) if name.casefold() in header else -1 for name in names]
    return [tuple(row[n] if 0 <= n < len(row) else "" for n in at) for row in found.rows]


def _decided(document: Document) -> str:
    return " ".join(line.strip() for line in document.section("Key decisions").splitlines() if line.strip())


def _contract(documents: Sequence[Document], api: Document | None) -> Document | None:
    """The document that lists the endpoints: the API design, else the one it is written on."""
    listed = (each for each in (api, *documents) if each and _table(each, "Endpoints"))
    return next(listed, None)


def _api(document: Document, contract: Document | None) -> list[str]:
    header = ("Method", "Path", "Purpose", "Auth")
    rows = _columns(_table(contract, "Endpoints"), *header) if contract else []
    schemas = _under(document, "Schemas")
    file = contract.name.rsplit("/", 1)[-1] if contract and contract != document else ""
    return [
        f"The contract: [{file}]({file}#openapi)." if file else "",
        table(header, rows) if rows else "It lists no endpoint.",
        f"Schemas: {', '.join(code(s) for s in schemas)}." if schemas else "",
    ]


def _under(document: Document, title: str) -> list[str]:
    """The third-level headings under the second-level heading ``title``."""
    names, inside = [], False
    for heading in document.headings:
        if heading.level <= 2:
            inside = heading.text.casefold() == title.casefold()
        elif inside and heading.level == 3:
            names.append(heading.text)
    return names


def _data(document: Document) -> list[str]:
    cards = {t.section: t for t in document.tables}
    rows = [
        (code(name), ", ".join(row[0] for row in _columns(cards.get(name), "Column")) or "–")
        for name in _under(document, "Tables")
    ]
    header = ("Parent", "Child", "Cardinality", "Foreign key", "On delete")
    related = _columns(_table(document, "Relationships"), *header)
    return [
        table(("Table", "Columns"), rows) if rows else "It lists no table.",
        table(header, related) if related else "",
    ]


def _technology(document: Document) -> list[str]:
    header = ("Component", "Technology", "Version", "Rationale")
    rows = _columns(_table(document, "Recommendations"), *header)
    return [table(header, rows) if rows else "It recommends nothing."]


def _security(document: Document) -> list[str]:
    header = ("Threat", "Element", "Risk", "Mitigation")
    rows = _columns(_table(document, "Threat model"), *header)
    grave = [row for row in rows if "high" in row[2].casefold()]
    shown = grave or [row for row in rows if "medium" in row[2].casefold()]
    rest = len(rows) - len(shown)
    note = (
        f"{rest} further threats of lower risk are in the document."
        if rest > 1
        else "One further threat of lower risk is in the document."
        if rest
        else ""
    )
    secrets = [row[0] for row in _columns(_table(document, "Secrets"), "Secret")]
    return [
        table(header, shown) if shown else "",
        note,
        f"Secrets to be kept: {listing(secrets, 8)}." if secrets else "",
    ]


def _compliance(document: Document) -> list[str]:
    header = ("Data element", "Type", "Sensitivity", "Consent or legal basis")
    rows = _columns(_table(document, "Personal data"), *header)
    laws = _columns(_table(document, "Regulations"), "Regulation", "Applies", "Why")
    return [table(header, rows) if rows else "", table(("Regulation", "Applies", "Why"), laws) if laws else ""]


def _order(found: dict[str, Document | None], contract: Document | None) -> str:
    api, data, security = found["04"], found["05"], found["07"]
    tables = [code(name) for name in _under(data, "Tables")] if data else []
    foreign = [row[0] for row in _columns(_table(data, "Relationships"), "Foreign key")] if data else []
    services = [row[0] for row in _columns(_table(api, "Service layer"), "Service")] if api else []
    endpoints = (
        [f"{method} {path}".strip() for method, path in _columns(_table(contract, "Endpoints"), "Method", "Path")]
        if contract
        else []
    )
    rules = [row[0] for row in _columns(_table(api, "Validation rules"), "Field")] if api else []
    bearer = (
        [auth for (auth,) in _columns(_table(contract, "Endpoints"), "Auth") if "none" not in auth.casefold()]
        if contract
        else []
    )
    grave = (
        [row for row in _columns(_table(security, "Threat model"), "Threat", "Risk") if "high" in row[1].casefold()]
        if security
        else []
    )
    there = set(re.findall(r"(?m)^\d+\. (`\w+`) exists \(", data.section("Migration order"))) if data else set()
    new, old = [name for name in tables if name not in there], [name for name in tables if name in there]
    making = f"create {listing(new, 12)}, in this order" if new else "no table to create" + ("" if old else " yet")
    making += (
        f"; {listing(old, 12)} exist{'s' if len(old) == 1 else ''} and get{'s' if len(old) == 1 else ''} only the columns still lacking"
        if old
        else ""
    )
    steps = (
        ("Database migrations", making),
        (
            "Models and relationships",
            f"a model per table, tied by {listing(foreign, 8)}"
            if foreign
            else f"{len(tables)} models, none refers to another"
            if tables
            else "none yet",
        ),
        ("Service layer", listing(services, 10) or "none yet"),
        ("API endpoints", listing([re.sub(r"`\s+`", " ", e) for e in endpoints], 8) or "none yet"),
        (
            "Validation and auth",
            f"{len(rules)} field rules; sign-in on {len(bearer)} of {len(endpoints)} endpoints; high-risk threats to close: {len(grave)}",
        ),
    )
    return "\n".join(f"{number}. **{name}**: {what}." for number, (name, what) in enumerate(steps, start=1))


def _closing(documents: Iterable[Document | None], title: str) -> list[str]:
    """The list items under ``title`` of every document, each once, in order."""
    items: dict[str, str] = {}
    for document in documents:
        text = document.section(title) if document else ""
        for found in re.finditer(r"(?m)^\s*(?:[-*+]|\d+[.)])\s+(.+(?:\n(?!\s*(?:[-*+]|\d+[.)])\s|\s*$).+)*)", text):
            line = re.sub(r"\s+", " ", found.group(1)).strip()
            items.setdefault(re.sub(r"\W+", " ", line).casefold(), line)
    return list(items.values())


def _decisions(found: dict[str, Document | None]) -> str:
    firsts = []
    for number in ("04", "05"):
        document = found[number]
        text = _decided(document) if document else ""
        first = re.match(r".+?[.!?](?=\s+[A-Z`*\d]|$)", text)
        if first:
            firsts.append(first.group())
    return " ".join(firsts) or "Nothing is decided yet: the documents this is compiled from decide nothing."

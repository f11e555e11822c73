"""What the codebase has for a topic, each by the line that shows it; without a codebase, that there is none and what follows."""

from __future__ import annotations

import re

from ...reading import words
from .. import stack
from ..basis import Basis
from ..draft import Draft
from ..markdown import cite, code, listing, quote, shorten
from .held import There, parted, serves, there
from .scope import ASKING, Scope
from .session import Session, assumed

_EXISTS = re.compile(r"(?i)\bexisting\b|\bcurrent(?:ly)?\b|\blegacy\b|\btoday\b|\balready (?:has|have|runs?|uses?)\b")
_SUMMARY = "[requirements summary](../../requirements-summary.md#what-is-there)"
_MOST = 12
_COMMON = frozenset(
    ("app", "api", "get", "post", "put", "patch", "delete", "test", "main", "list", "create", "read", "update", "table", "name", "data",
     "system", "server", "service", "user", "must", "shall", "can", "and", "the", "with", "when", "time", "day", "all", "more", "than")
)  # fmt: skip


def write(basis: Basis) -> Draft:
    """The draft of ``research/existing-system/<topic>.md``."""
    scope = Scope.of(basis)
    found = list(there(basis.codebase))
    session = _extending(basis, scope, found) if found else _anew(basis, scope)
    draft = session.draft(basis, scope)
    if found:
        draft.assumptions.append(
            "What the digest left out of the codebase was not read; what is named here is what it shows."
        )
    else:
        draft.assumptions.append("There is no codebase: nothing can be reused or modified, everything is built.")
        draft.ask(
            "Is there a system that does part of this today, and may its code be read?",
            "everything is built anew",
            *_hinted(scope),
        )
    return draft


def _anew(basis: Basis, scope: Scope) -> Session:
    """Without a codebase."""
    piece = scope.filled(scope.kind.piece.name)
    session = Session("Existing System Analysis", f"What is there already that {quote(scope.said)} can stand on?")
    session.findings.append(("No codebase was given: nothing is there to take over, to follow or to change", _SUMMARY))
    hinted, outside = _hinted(scope), [*scope.systems, *scope.signin]
    for name in hinted:
        said = f"The brief speaks of something that exists: “{quote(shorten(scope.passages[name], 200))}”"
        session.findings.append((said, f"[{name}]"))
    for each in outside:
        session.findings.append(
            (f"{quote(each.name)} is there, run by others; nothing of it was read", cite(each.sources))
        )
    new = scope.operations if scope.passages or scope.whole else ()
    if new:
        said = f"What has to be built without a predecessor: {listing([code(o.id) for o in new], 6)}"
        session.findings.append(
            (said, cite((s for o in new for s in o.sources), 4) if any(o.sources for o in new) else "not verified")
        )
    inside, apart = f"Build the {piece} into the one service", f"Build the {piece} behind an interface of its own"
    called = f"{len(basis.domains)} domains call it" if len(basis.domains) > 1 else "it is called"
    session.options = [
        (inside, assumed(f"nothing is there that could take its place, and {called} in the same process"), "what exists elsewhere and turns up later has to be adapted to it"),
        (apart, f"what exists can take its place {cite(s for e in outside for s in e.sources)}" if outside else assumed("something that exists may take its place later"), assumed("a contract and stand-ins before anything shows that they are needed")),
    ]  # fmt: skip
    kept = bool(hinted or outside)
    session.recommended = apart if kept else inside
    session.because = (
        f"something exists that it has to meet, and nobody has read it {cite([*hinted, *(s for e in outside for s in e.sources)])}." if kept
        else f"the brief names nothing that is there already {scope.cited}."
    )  # fmt: skip
    session.confidence = "Low" if kept else "Medium"
    session.why = (
        "what exists was not read. Its interface description, or an hour with those who run it, would make it surer." if kept
        else "that no codebase was given is known, what the people behind the brief run elsewhere is not. Asking them would make it surer."
    )  # fmt: skip
    return session


def _hinted(scope: Scope) -> list[str]:
    """The passages that speak of something that is there already."""
    return [name for name, text in scope.passages.items() if _EXISTS.search(text)]


def _extending(basis: Basis, scope: Scope, found: list[There]) -> Session:
    """With a codebase."""
    about = related(scope, found)
    base = [each for each in found if each.head == "Stack" and each not in about]
    session = Session(
        "Existing System Analysis",
        f"What is there already that {quote(scope.said)} can stand on, and what has to change?",
    )
    opens = basis.topic in ("", *(each.name for each in basis.topics[:1]))
    for each in [*about[:_MOST], *(base if opens else base[: 5 if about else 8])]:
        session.findings.append((f"{_WORDS[each.head]}: {code(each.what)}", ", ".join(map(code, _places(basis, each)))))
    session.findings += [
        (f"To follow: {quote(each.what)}", code(each.place)) for each in found if each.head == "Patterns to follow"
    ][:2]
    lacking = [o for o in scope.operations if not basis.plan.route(o)] if scope.passages or scope.whole else []
    if lacking:
        names = listing([code(f"{o.method} {o.path}") for o in lacking], 5)
        sources = [s for o in lacking for s in o.sources]
        session.findings.append(
            (f"Nothing in the codebase serves {names}", cite(sources, 4) if sources else "not verified")
        )
    _decide(session, scope, about, base)
    return session


def _decide(session: Session, scope: Scope, about: list[There], base: list[There]) -> None:
    piece = scope.filled(scope.kind.piece.name)
    places = list(dict.fromkeys(each.place for each in about))
    where = listing([code(place) for place in places[:3] or [each.place for each in base[:2]]])
    many = len(places)
    extend, beside = "Extend what is there", f"Build the {piece} beside what is there"
    shows = f"{where} {'show' if ' and ' in where else 'shows'} how it is done here"
    session.options = [
        (extend, shows if about else "one place for one thing (assumed)", assumed("changes code that others rely on, so its tests come first") if about else f"nothing in the digest is about {quote(scope.said)}; the nearest is {where}"),
        (beside, assumed("what is there keeps working untouched"), f"two places for one thing, beside {where}" if about else "one module more to know"),
    ]  # fmt: skip
    session.recommended = extend if about else beside
    session.because = (
        f"{many} place{'s' if many > 1 else ''} of the codebase {'are' if many > 1 else 'is'} about it: {where}." if about
        else f"nothing in the digest is about {quote(scope.said)}; it follows the stack that {where} {'show' if ' and ' in where else 'shows'}."
    )  # fmt: skip
    session.confidence = "Medium" if about else "Low"
    session.why = "only the digest of the codebase was read, not every file. Reading the files named above whole, with their tests, would make it surer."


def _places(basis: Basis, each: There) -> list[str]:
    """Where it is shown: for a technology also where it is used."""
    said = each.what.partition(": ")[2]
    same = (
        use.evidence.split(", ")
        for use in stack.uses(basis.plan.stack)
        if use.value == said and use.evidence.split(", ")[0] == each.place
    )
    return next(same, [each.place]) if each.head == "Stack" else [each.place]


_WORDS = {
    "Stack": "In use", "Entry points": "Entry point", "Routes": "Route", "Models and tables": "Model",
    "Public interfaces": "Interface", "Messages": "Message", "Patterns to follow": "Pattern",
}  # fmt: skip


def related(scope: Scope, found: list[There]) -> list[There]:
    """What of ``found`` is about the topic: routes and models of its operations and tables, and what shares a word with its name."""
    plan = scope.basis.plan
    known = bool(scope.passages or scope.whole)
    places = {hit.evidence for o in scope.operations if known and (hit := plan.route(o))}
    places |= {hit.evidence for t in scope.tables if known and (hit := plan.model(t))}
    piece = scope.kind.piece.name
    own = set() if scope.whole else _words(scope.said) | (_words(piece) if "{" not in piece else set())
    asking = (text for name, text in scope.passages.items() if scope.basis.classes.get(name, "") in ("", *ASKING))
    people = {word for actor in scope.basis.plan.reading.actors for word in _words(actor.name)}
    said = _words(" ".join(asking)) - people
    return [each for each in found if each.head != "Patterns to follow" and _is_about(each, scope, places, own, said)]


def _is_about(each: There, scope: Scope, places: set[str], own: set[str], said: set[str]) -> bool:
    if each.head == "Stack":
        return bool(re.match(_stands(scope), each.what)) or serves(scope.kind, each.what.partition(": ")[2])
    if scope.kind.mark.startswith("job") and each.head == "Entry points" and each.what.startswith("task "):
        return True
    if each.place in places or _words(f"{each.what} {each.place}") & own:
        return True
    name = _named(each)
    return bool(name) and name <= said


def _named(each: There) -> set[str]:
    """The words a model or a route is called by; a passage has to speak of all of them."""
    if each.head == "Models and tables":
        return {words.singular(part) for part in parted(each.what.partition(":")[0])}
    if each.head == "Routes":
        path = each.what.partition(" -> ")[0].partition(" ")[2]
        named = [part for part in path.split("/") if part and not part.startswith(("{", ":", "<"))]
        return {words.singular(word) for part in named for word in parted(part)} - {"api", "v1", "v2"}
    return set()


def _stands(scope: Scope) -> str:
    """A pattern of the lines of a stack that are the topic itself, not only what it is built on."""
    mark = scope.kind.mark
    if mark.startswith("sign"):
        return r"Auth:"
    if mark.startswith("migrations?-with"):
        return r"(?:Migrations|ORM):"
    return r"(?:Language|Framework):" if mark.startswith("framework") or scope.whole else r"(?!)"


def _words(text: str) -> set[str]:
    found = re.findall(r"[a-z]{4,}", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower())
    return {words.singular(each) for each in found} - _COMMON

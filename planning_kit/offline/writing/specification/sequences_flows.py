"""The normal flows: each use case as it runs through the layers when all goes well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from .... import ids
from ...facts import Named, Operation, Statement
from .. import rules
from ..markdown import ASSUMED, cite, code, fence, quote, shorten
from ..naming import words
from . import api_spec_links as links
from .api_spec_offered import Offered
from .api_spec_shape import Parts, beneath, parted
from .ground import Ground
from .outline import tabled
from .sequences_drawn import MOST_ASKED, Flow, deed, drawn, outside_of
from .sequences_layers import API, GUARD, JOB, SERVICE, STORE, File, Layers

BENEATH = ("Key steps", "Code references")
FILES = ("File", "Layer", "Responsibility")
LONGEST = 60
"""The longest heading taken from an operation's summary, in characters."""
MOST = 4
"""Most operations in one diagram."""


def flows(ground: Ground, api: Sequence[Offered]) -> tuple[Flow, ...]:
    """Every use case, then the operations that no use case calls."""
    known = {(each.method, each.path): each for each in api}
    found: list[Flow] = []
    left = dict(known)
    functional = {each.id: each for each in ground.things("FR")}
    for case in ground.things("UC"):
        calls = [known[named] for named in case.operations if named in known]
        for named in case.operations:
            left.pop(named, None)
        asked = tuple(functional[name] for name in case.cites if name in functional)
        serving = [] if calls else _serving(api, asked)
        parts = [calls[at : at + MOST] for at in range(0, len(calls), MOST)] or [[]]
        for number, some in enumerate(parts, start=1):
            title = f"{case.text or case.id} ({case.id})" + (f", part {number}" if len(parts) > 1 else "")
            found.append(Flow(title, case, _actor(ground, case, some), tuple(some or serving), asked, bool(serving)))
    for each in left.values():
        actor = next(iter(each.plan.roles), "") if each.plan else ""
        title = each.summary if len(each.summary) <= LONGEST else words(each.id).capitalize()
        found.append(Flow(title, None, actor or "caller", (each,)))
    return tuple(_told_apart(found))


def _serving(api: Sequence[Offered], asked: Sequence[ids.Thing]) -> list[Offered]:
    """The operations that by the endpoint catalogue serve what a use case asks for that names none; none where it runs by itself."""
    wanted = {each.id for each in asked}
    found = [each for each in api if wanted.intersection(each.serves)]
    if Flow("", None, "", (), tuple(asked)).begins == "itself":
        return []
    return sorted(found, key=lambda each: -len(wanted.intersection(each.serves)))[:2]


def _told_apart(found: list[Flow]) -> Iterator[Flow]:
    seen: set[str] = set()
    for each in found:
        title = each.title if each.title not in seen else f"{each.title}: {' '.join(o.called for o in each.calls[:1])}"
        seen.add(title)
        yield replace(each, title=title)


def _actor(ground: Ground, case: ids.Thing, calls: Sequence[Offered]) -> str:
    """Who acts in a use case: as its card says, else as the operation has it."""
    document = ground.documents.get(links.USE_CASES)
    for table in document.tables if document else ():
        if table.section.startswith(case.id):
            for row in table.rows:
                if len(row) > 1 and row[0].strip(" *`").casefold() in ("actor", "actors", "primary actor"):
                    return row[1].split(",")[0].replace("`", "").strip(" *") or "caller"
    said = (role for each in calls if each.plan for role in each.plan.roles)
    return next(said, "caller")


def section(ground: Ground, layers: Layers, flow: Flow, ruled: Sequence[Statement]) -> str:
    """One flow: what it draws, the diagram, its key steps with what the brief has ``ruled``, and the files."""
    files = [layers.files(_things(ground, layers, flow), each.plan) for each in flow.calls] or [
        layers.files(_things(ground, layers, flow))
    ]
    outside = outside_of(ground, flow)
    written: Mapping[str, Parts] = {
        "Key steps": partial(_steps, ground, flow, files, outside, ruled),
        "Code references": lambda: [_references(ground, flow, files)],
    }
    return "\n\n".join(
        [
            f"### {quote(flow.title)}",
            _lead(ground, flow),
            fence("mermaid", drawn(ground, flow, files, outside)),
            parted(beneath(ground, "Normal flows", BENEATH), written),
        ]
    )


def _lead(ground: Ground, flow: Flow) -> str:
    calls = ", then ".join(links.operation(ground, links.SEQUENCES, each.method, each.path) for each in flow.calls)
    if flow.case is None:
        return f"No use case calls {calls}; it runs like this."
    case = links.shown(ground, links.SEQUENCES, [flow.case])
    if flow.likened:
        return f"Draws {case}, which names no operation; by the API specification {calls} {'serves' if len(flow.calls) == 1 else 'serve'} what it asks for."
    if calls:
        return f"Draws {case}: {calls}."
    begins = {
        "itself": "it begins by itself",
        "somebody": "somebody asks for it, and the API offers no way yet",
        "rule": "what it asks for holds whatever is called",
    }[flow.begins]
    return f"Draws {case}, which calls no operation: {begins}."


def _things(ground: Ground, layers: Layers, flow: Flow) -> str:
    for each in flow.calls:
        if each.plan:
            return layers.things(each.plan)
    return main_things(ground, layers)


def main_things(ground: Ground, layers: Layers) -> str:
    """What most operations of the domain work on, in snake_case and plural; the domain's own name without any."""
    named = [layers.things(each) for each in ground.operations]
    return max(dict.fromkeys(named), key=named.count) if named else ground.domain.name.replace("-", "_")


def _steps(
    ground: Ground, flow: Flow, files: list[dict[str, File]], outside: Sequence[Named], ruled: Sequence[Statement]
) -> Iterator[str]:
    """What happens, step by step, with the requirements that hold meanwhile."""
    said: list[str] = [] if flow.calls else _unasked(flow)
    rule = _held(ground, flow)
    for at, each in enumerate(flow.calls):
        table = ground.plan.table(each.plan.entity) if each.plan else None
        said.append(f"{code(each.called)} reaches {code(_short(files[at][API]))}" + _guarded(each) + ("; the body is checked against its schema." if each.body else "."))  # fmt: skip
        here = rule if at == 0 else ""
        here = here or (_rule(ruled, each.plan) if each.plan and not flow.asked else "")
        if here:
            said.append(f"{code(_short(files[at][SERVICE]))} holds to {here}")
        if table:
            said.append(f"{code(_short(files[at][STORE]))} {_kept(ground, each, table.name)}{_clash(ground, each)}.")
        said.append(f"The answer is {each.success}: {quote(dict(each.answers).get(each.success, 'as asked for')).rstrip('.')}.")  # fmt: skip
    said += [f"{quote(named.name)} is told {cite(named.sources, 2)}; what happens when it does not answer stands under Error flows." for named in outside]  # fmt: skip
    yield "\n".join(f"{number}. {text}" for number, text in enumerate(said, start=1))


def _unasked(flow: Flow) -> list[str]:
    """How a use case runs that calls no operation: how it begins, and what is asked for."""
    begins = {
        "itself": "It begins by itself: on a schedule, or when something else has happened.",
        "somebody": f"{_upper(quote(flow.actor))} asks for it; by which way is open.",
        "rule": "It holds within whatever is called, and is kept where that is done.",
    }[flow.begins]
    asked = [f"{each.id}: {_plain(each.text)}" for each in flow.asked[:MOST_ASKED]]
    rest = [f"And {len(flow.asked) - MOST_ASKED} more, as the use case names them."] if len(flow.asked) > MOST_ASKED else []  # fmt: skip
    kept = f"What was done is kept, so that a second start does nothing twice {ASSUMED}."
    return [begins, *asked, *rest, *([kept] if flow.begins == "itself" else [])]


def _held(ground: Ground, flow: Flow) -> str:
    """The requirements of the use case that restrict what is allowed, in their words; the others by id."""
    ruling = [each for each in flow.asked if rules.restricts(each.text)][:3]
    others = [each for each in flow.asked if each not in ruling]
    told = [f"{links.shown(ground, links.SEQUENCES, [each])}: “{_plain(each.text).rstrip('.')}”" for each in ruling]
    if others:
        told.append(links.shown(ground, links.SEQUENCES, others, 8))
    return f"{'; '.join(told)}." if told else ""


def _clash(ground: Ground, each: Offered) -> str:
    conflict = each.when(409)
    if conflict is None or deed(ground, each) not in ("create", "change"):
        return ""
    return "; a conflict is refused by a constraint, the answer then is 409"


def _plain(text: str) -> str:
    """The words of a requirement, without the marks of the table it stands in."""
    return quote(shorten(re.sub(r"[`*\\\[\]]", "", text), 180))


def _guarded(each: Offered) -> str:
    """What a caller has to be."""
    if not each.protected:
        return "; nobody is asked who they are"
    roles = [quote(role) for role in each.plan.roles] if each.plan and each.when(403) else []
    return f"; the caller has to be known{f' as {either(roles)}' if roles else ''}"


def either(names: Sequence[str]) -> str:
    """``a, b or c``."""
    return " or ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _kept(ground: Ground, each: Offered, table: str) -> str:
    """What the repository does, in words."""
    one = " by its key" if "{" in each.path else ""
    return {
        "list": f"reads {code(table)}, one page at a time",
        "read": f"reads {code(table)}{one}" + ("; no row is 404" if each.when(404) else ""),
        "create": f"adds a row to {code(table)}, in one transaction",
        "change": f"changes the row in {code(table)}{one}, in one transaction",
        "remove": f"removes the row from {code(table)}{one}, in one transaction",
    }[deed(ground, each)]


def _rule(ruled: Sequence[Statement], operation: Operation) -> str:
    """Those of ``ruled`` that the passages of ``operation`` state, that of a conflict first."""
    clashing = [source for r in operation.responses if r.status == 409 for source in r.sources]
    named = {source: at for at, source in enumerate(dict.fromkeys([*clashing, *operation.sources]))}
    found = sorted((s for s in ruled if s.source in named), key=lambda s: named[s.source])[:2]
    said = "; ".join(f"“{quote(shorten(s.text, 160)).rstrip('.')}” [{s.source}]" for s in found)
    return f"{said}." if said else ""


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short(one: File) -> str:
    return one.path.rpartition("/")[2]


def _references(ground: Ground, flow: Flow, files: list[dict[str, File]]) -> str:
    """The files with what each does here; those of the codebase with the line that shows them."""
    rows: dict[str, tuple[str, str, list[str]]] = {}
    for found, each in zip(files, flow.calls or (None,), strict=True):
        table = ground.plan.table(each.plan.entity) if each and each.plan else None
        for layer, does in _part_of_each(ground, flow, each, table.name if table else ""):
            one = found[layer]
            shown = code(one.evidence) if one.evidence else f"{code(one.path)} {ASSUMED}"
            rows.setdefault(one.path, (shown, layer, []))[2].append(does)
    cells = ((shown, layer, "; ".join(dict.fromkeys(does))) for shown, layer, does in rows.values())
    return tabled(ground, "Normal flows", FILES, cells)


def _part_of_each(ground: Ground, flow: Flow, each: Offered | None, table: str) -> Iterator[tuple[str, str]]:
    """What each layer does in one call; in the use case where it calls nothing."""
    if each is None:
        if flow.begins == "rule":
            yield API, "takes the request, answers"
        if flow.begins == "itself":
            yield JOB, "begins it, and begins it again when it failed"
        yield SERVICE, f"meets {', '.join(one.id for one in flow.asked) or 'what is asked for'}"
        if ground.plan.tables and flow.begins != "rule":
            yield STORE, "reads and writes what it is about"
        return
    if each.protected:
        yield GUARD, "finds out who calls"
    yield API, f"takes {code(each.called)}, checks its form, answers"
    yield SERVICE, f"holds the rules of {code(each.id)}"
    if table:
        yield STORE, f"{'reads' if deed(ground, each) in ('list', 'read') else 'writes'} {code(table)}"

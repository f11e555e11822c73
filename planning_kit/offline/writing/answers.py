"""What a reviewer's remark changed in the reading of a brief."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, is_dataclass

from ..facts import Reading
from .markdown import code, listing, quote

_MOST = 8


@dataclass(frozen=True)
class Answer:
    """A remark by its ``name`` (``R1`` onwards), and what it changed, as Markdown; no change when the rules could not act on it."""

    name: str
    remark: str
    changes: tuple[str, ...]


def answer(remarks: tuple[str, ...], read: Callable[[tuple[str, ...]], Reading]) -> tuple[Answer, ...]:
    """For each remark, what the reading with it says that the reading with only the earlier ones does not."""
    answers = []
    for number, remark in enumerate(remarks, start=1):
        before, after = read(remarks[: number - 1]), read(remarks[:number])
        answers.append(Answer(f"R{number}", remark, tuple(_differences(before, after))))
    return tuple(answers)


def _differences(before: Reading, after: Reading) -> Iterable[str]:
    old, new = _facts(before), _facts(after)
    for kind in new:
        added = [name for name in new[kind] if name not in old[kind]]
        gone = [name for name in old[kind] if name not in new[kind]]
        changed = [name for name in new[kind] if name in old[kind] and _bare(new[kind][name]) != _bare(old[kind][name])]
        if kind == "question":  # the same question may name its things in another order
            worded = {_words(name) for name in added} & {_words(name) for name in gone}
            added, gone = ([name for name in names if _words(name) not in worded] for names in (added, gone))
        for verb, names in (("added", added), ("removed", gone), ("changed", changed)):
            if names:
                yield f"{verb} {kind} {listing(names, _MOST)}"


def _bare(fact: object) -> object:
    """``fact`` without the passages it came from: naming one more source is not a change."""
    if is_dataclass(fact) and not isinstance(fact, type):
        fact = asdict(fact)
    if isinstance(fact, dict):
        return {name: _bare(value) for name, value in fact.items() if name not in ("sources", "source")}
    return [_bare(part) for part in fact] if isinstance(fact, list | tuple) else fact


def _words(text: str) -> tuple[str, ...]:
    return tuple(sorted(text.replace(",", " ").split()))


def _facts(reading: Reading) -> dict[str, dict[str, object]]:
    """What a reading drafts, by kind and by the name it is shown under; a sentence that asks for something is not a change by itself."""
    return {
        "operation": {code(f"{o.method} {o.path}"): o for o in reading.operations},
        "entity": {code(e.name): (e.table, e.meaning) for e in reading.entities},
        "field": {code(f"{e.name}.{f.name}"): f for e in reading.entities for f in e.fields},
        "relationship": {f"{code(r.parent)} to {code(r.child)}": r for r in reading.relationships},
        "actor": {quote(a.name): a.description for a in reading.actors},
        "integration": {quote(n.name): n for n in reading.integrations},
        "technology": {quote(n.name): n for n in reading.technologies},
        "regulation": {quote(n.name): n for n in reading.regulations},
        "job": {quote(n.name): n for n in reading.jobs},
        "event": {quote(n.name): n for n in reading.events},
        "personal data": {quote(p.element): p for p in reading.personal},
        "question": {f"“{quote(q.text)}”": q for q in reading.questions},
    }

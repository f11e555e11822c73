"""What a domain without an operation of its own has to do with the operations of the others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Operation
from ..markdown import bullets, cite, code, quote
from .api_spec_shape import passages
from .ground import Ground

_EVERY = re.compile(
    r"(?i)\b(?:all|every|each|any)\b[^.;]{0,40}\b(?:requests?|calls?|operations?|endpoints?|APIs?|interactions?|transactions?|services?|messages?)\b"
)
_MOST = 40


def touched(ground: Ground) -> Iterator[str]:
    """That this domain offers no operation, and which operations of other domains its passages are about, as far as they say."""
    empty = "The OpenAPI document below is therefore empty, and stays here so that an operation asked for later has its place."  # fmt: skip
    about = f"“{quote(re.sub(r'^[^:]{1,60}: ', '', ground.domain.about)).rstrip('.')}”"
    if not ground.plan.operations:
        yield f"The brief says of nothing that it is to be called, by whom and with what; in its words: {about}. {empty}"
        return
    yield f"No requirement of this domain needs an operation of its own; in the brief's words: {about}. {empty}"
    found = _touching(ground)
    if not found:
        yield "Which operations of other domains it bears on, its passages do not say."
        return
    yield "Its requirements hold for operations of other domains:"
    lines = [
        f"{quote(ground.owners.get(o.id, ''))}: {code(f'{o.method} {o.path}')} ({why})" for o, why in found[:_MOST]
    ]
    yield bullets(lines)
    if len(found) > _MOST:
        yield f"And {len(found) - _MOST} more."


def _touching(ground: Ground) -> list[tuple[Operation, str]]:
    """The operations that rest on a passage of this domain, and why; all of them where a passage speaks of every call."""
    own = [passage.id for passage in passages(ground)]
    signs = {s for way in ground.plan.reading.signin for s in way.sources}.intersection(own)
    every = next((passage.id for passage in passages(ground) if _EVERY.search(passage.plain)), "")
    found = []
    for operation in ground.plan.operations:
        named = sources(operation)
        told = [name for name in own if name in named]
        why = [cite(told, 3)] if told else []
        if signs and ground.plan.protected(operation):
            why.append(f"who calls {cite(signs, 3)}")
        if every:
            why.append(f"every call [{every}]")
        if why:
            found.append((operation, "; ".join(why)))
    return found


def sources(operation: Operation) -> set[str]:
    """Every passage that the operation or a part of it follows from."""
    named = set(operation.sources)
    for response in operation.responses:
        named.update(response.sources)
    named.update(source for each in operation.parameters for source in each.sources)
    named.update(source for each in operation.body for source in each.sources)
    return named

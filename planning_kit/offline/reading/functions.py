"""Operations of a library or tool that computes and keeps nothing: generate, encode, convert."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..facts import Field, Operation, Response
from . import words
from .lexicon import COMPUTE
from .sentences import Sentence

_GENERATES = re.compile(
    r"(?i)\bgenerat(?:es?|ing|ion of)\s+(?:a |an |the |new |unique |specified number of |large |multiple |significant )*([A-Za-z]+)\b|\b([A-Za-z]+)[- ](?:generation|creation)\b|\b([A-Za-z]+)s? based on timestamps\b"
)
_SKIPPED = re.compile(
    r"(?i)\b(?:goals?|acceptance|constraints?|dependenc|requirements?|tests?|usage|output|introduction)\b"
)
_NOUN = {"encod": "encode", "decod": "decode", "encrypt": "encrypt", "decrypt": "decrypt", "compress": "compress", "convert": "convert", "conver": "convert", "transform": "transform",
         "translat": "translate", "calculat": "calculate", "comput": "compute", "pars": "parse", "validat": "validate", "hash": "hash"}  # fmt: skip


def operations(sentences: Sequence[Sentence]) -> list[Operation]:
    """One operation for each function a feature describes, below the component it is described under."""
    found: dict[str, Operation] = {}
    for sentence in sentences:
        if (
            sentence.excluded
            or sentence.kind not in ("item", "remark", "paragraph")
            or any(_SKIPPED.search(name) for name in sentence.section[-1:])
        ):
            continue
        component = _component(sentence)
        for made in (*_generating(sentence, component), *_computing(sentence, component)):
            old = found.get(made.path)
            found[made.path] = replace(
                old or made, sources=tuple(dict.fromkeys((old.sources if old else ()) + made.sources))
            )
    general = [
        path
        for path in found
        if path.count("/") == 1 and any(other != path and other.endswith(path) for other in found)
    ]
    return [operation for path, operation in found.items() if path not in general]


def _component(sentence: Sentence) -> str:
    heading = sentence.heading
    return (
        f"/{words.snake(words.parts(heading)).replace('_', '-')}"
        if re.fullmatch(r"[A-Z][A-Za-z]*(?:[A-Z][a-z]+|\d+)\w*", heading)
        else ""
    )


def _generating(sentence: Sentence, component: str) -> list[Operation]:
    made = []
    for hit in _GENERATES.finditer(sentence.text):
        word = next(group for group in hit.groups() if group)
        thing = words.singular(word)
        if not re.fullmatch(
            r"(?:id|identifier|token|code|report|invoice|pdf|image|number|key|password|qr|barcode|document|certificate|slug|name|color|uuid)",
            thing,
        ):
            continue
        body = (Field("count", "integer", False, f"How many {words.plural(thing)}", (sentence.source,)),)
        answer = (
            Response(
                200, "The generated values", fields=(Field(words.plural(thing), "json", True, "", (sentence.source,)),)
            ),
        )
        made.append(
            Operation(
                "",
                "POST",
                f"{component}/{words.plural(thing)}",
                sentence.text[:160],
                "",
                (),
                body,
                "",
                answer,
                "open",
                (),
                (sentence.source,),
            )
        )
        break
    return made


def _computing(sentence: Sentence, component: str) -> list[Operation]:
    found: list[Operation] = []
    text = sentence.text
    for trunk, verb in _NOUN.items():
        if not re.search(rf"(?i)\b{trunk}(?:e|es|ed|s|ing|ion|ation)?\b", text) or any(
            operation.path.endswith(f"/{verb}") for operation in found
        ):
            continue
        if verb in ("transform", "convert") and re.search(r"(?i)\b(?:en|de)cod|\bencrypt", text):
            continue
        if verb == "encode" and "decod" in text.lower():
            continue
        given = Field("value", "string", True, f"What to {verb}", ())
        answer = (
            Response(
                200,
                f"The {COMPUTE[verb]} value",
                fields=(
                    Field(COMPUTE[verb], "boolean" if verb == "validate" else "string", True, "", (sentence.source,)),
                ),
            ),
        )
        found.append(
            Operation(
                "",
                "POST",
                f"{component}/{verb}",
                text[:160],
                "",
                (),
                (given,),
                "",
                answer,
                "open",
                (),
                (sentence.source,),
            )
        )
    return found

"""How the system is used: over HTTP, on a command line, as a library, or not said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...brief import Passage
from .endpoints import Endpoint
from .sentences import Sentence

_HTTP = re.compile(
    r"\b(?:HTTPS?|REST(?:ful)?|GraphQL|web ?(?:application|app|service|site)s?|APIs?|endpoints?|JSON|mobile app|browser|status code|JWT|SaaS|backend)\b",
    re.IGNORECASE,
)
_NEITHER = re.compile(
    r"(?i)\b(?:no|not an?|without an?|neither an?|nor an?)\s+(?:(?:REST|HTTP|web|public)[- ])?(?:web ?(?:application|app|service|site)s?|application|service|APIs?|endpoints?|backend|browser)\b"
)
_LINE = re.compile(r"(?i)\bcommand[- ]line\b|\bCLI\b|\bjava -jar\b|\bterminal\b|\bshell command")
_LIBRARY = re.compile(
    r"(?i)\b(?:an?|this|the) (?:\w+ ){0,2}(?:(?:Java|Python|Go|Rust|npm|C\+\+|JavaScript|TypeScript|client|software|code|utility|open[- ]source|reusable|shared|standalone|header-only|generation|generator|ID) )(?:library|package|module)\b|\blibrary (?:for|that (?:generates|provides|offers))\b|\b(?:an?|this) SDK\b|\bimportable\b|\bpublic functions?\b"
)


def kind(sentences: Sequence[Sentence], passages: Sequence[Passage], named: bool, called: bool) -> str:
    """``http``, ``command line``, ``library`` or ``unstated``."""
    if named:
        return "http"
    if called:
        return "command line"
    said = {"http": 0, "command line": 0, "library": 0}
    for text in [sentence.text for sentence in sentences if not sentence.excluded] + [
        passage.text[:2000] for passage in passages if passage.kind == "code"
    ]:
        said["http"] += len(_HTTP.findall(_NEITHER.sub("", text)))
        said["command line"] += 2 * len(_LINE.findall(text))
        said["library"] += 2 * len(_LIBRARY.findall(text))
    best = max(said, key=lambda name: said[name])
    return best if said[best] else "unstated"


def version(sentences: Sequence[Sentence], named: Sequence[Endpoint]) -> str:
    """The base path or API version the brief names, or empty."""
    for sentence in sentences:
        if hit := re.search(
            r"(?i)\bbase[- ]?(?:path|url|uri)\b[^/\n]{0,20}?(?:https?://[^\s/]{1,100})?(/(?!/)[\w/.-]{1,40})",
            sentence.text,
        ):
            return hit.group(1).rstrip("/.")
        if hit := re.search(r"\b(?:API version|version of the API)\W{1,4}(v?\d{1,3}(?:\.\d{1,3})?)", sentence.text):
            return hit.group(1)
    found = {hit.group(1) for endpoint in named if (hit := re.match(r"((?:/api)?/v\d+)/", endpoint.path))}
    return found.pop() if len(found) == 1 else ""

"""The research document of an author who can look nothing up: what would have to be found out, and what the package indexes said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...document import Document
from ...facts import Topic
from ...model import Material
from ...packages import named
from . import stack
from .draft import Draft
from .markdown import bullets, cite, code, listing, quote, shorten, table

NOT_DONE = "Research was not done: no model with web search was there to do it."
NOT_VERIFIED = "not verified"
NAME = "03-research.md"
HEADER = ("Package", "Newest stable version", "Released", "In use here", "Source")
"""The columns of the table under *Versions*."""
HONEST = "*Written by rule, without a model: what stands here was given with its source; everything else is marked not verified.*"


@dataclass(frozen=True)
class Found:
    """The newest version of a package, as its source says it: the source's number, the package's ``name``, its ``index``."""

    source: str
    name: str
    index: str
    version: str
    released: str


def write(
    feature: str,
    today: str,
    topics: Sequence[Topic],
    used: Mapping[str, Mapping[str, str]],
    materials: Sequence[Material],
) -> Draft:
    """The draft of ``03-research.md``.

    Args:
        feature: the title of what is planned.
        today: the date of the question, ISO 8601.
        topics: what is worth research.
        used: the stack: package path → topic → text with evidence.
        materials: what was given: passages of the brief, and sources.
    """
    sources = [m for m in materials if m.kind == "source"]
    passages = {m.name: m.text for m in materials if m.kind == "passage"}
    found = list(versions(sources))
    draft = Draft(f"Technology Research: {quote(feature)}", honest=HONEST)
    draft.add("Questions", _questions(topics, passages))
    draft.add("Findings", NOT_DONE, _findings(topics, found, sources))
    draft.add("Versions", _versions(found, used))
    draft.add("What this means for the plan", bullets(_meant(topics, found, today)))
    draft.add("Not verified", bullets(_open(topics, used, found, today)))
    draft.add("Sources", _sources(topics, sources, today))
    known = "version of one package was" if len(found) == 1 else f"versions of {len(found)} packages were"
    draft.decisions = f"{NOT_DONE} " + (
        f"The newest {known} looked up on {today} in the package index; everything else was not looked up."
        if found
        else "Nothing here may be relied on as looked up."
    )
    return draft


def versions(sources: Iterable[Material]) -> Iterator[Found]:
    """The newest versions among ``sources``."""
    for source in sources:
        said = re.match(
            r"(\S+) on (PyPI|npm)(?: \([^()]*\))?: (\d[\w.+!-]*)(?:, released (\d{4}-\d\d-\d\d))? \(", source.text
        )
        if said and re.fullmatch(r"S\d+", source.name):
            yield Found(source.name, said.group(1), said.group(2), said.group(3), said.group(4) or "")


def given(materials: Sequence[Material]) -> Iterator[Found]:
    """The newest versions an author was given: as sources, and in the table under *Versions* of the research document."""
    known = list(versions(m for m in materials if m.kind == "source"))
    yield from known
    for material in materials:
        if material.kind == "document" and material.name.rsplit("/", 1)[-1] == NAME:
            yield from (found for found in _tabled(material) if found.source not in {one.source for one in known})


def _tabled(material: Material) -> Iterator[Found]:
    for shown in Document(material.name, material.text).tables:
        if shown.header[:3] == HEADER[:3] and shown.header[-1:] == HEADER[-1:]:
            for row in shown.rows:
                source, version = re.search(r"\[(S\d+)\]", row[-1]), re.fullmatch(r"\d[\w.+!-]*", row[1])
                if source and version:
                    yield Found(source.group(1), row[0].strip("` "), "", version.group(), row[2])


def packages_of(value: str) -> tuple[str, ...]:
    """The names of the packages that a technology (``NestJS 10.2``) is, in their indexes."""
    product = re.split(r"\s+[v~^>=<]*\d", value)[0].strip().replace("`", "")
    return tuple(package.name for package in named(f"`{product}`"))


def _questions(topics: Sequence[Topic], passages: Mapping[str, str]) -> str:
    rows = [(code(topic.name), quote(topic.why), _asked(topic, passages)) for topic in topics]
    return table(("Topic", "Why it matters", "Asked by"), rows) if rows else "None: the facts name no topic to look up."


def _asked(topic: Topic, passages: Mapping[str, str]) -> str:
    words = next((passages[name] for name in topic.passages if passages.get(name, "").strip()), "")
    return f"{_by(topic)}: {quote(shorten(words, 140))}" if words else _by(topic)


def _by(topic: Topic) -> str:
    return cite(topic.passages) if topic.passages else "the stack"


def _findings(topics: Sequence[Topic], found: Sequence[Found], sources: Sequence[Material]) -> str:
    rows = [(code(f.name), f"its newest stable version on {f.index} is {f.version}", f"[{f.source}]") for f in found]
    plain = {f.source for f in found}
    rows += [("given", quote(shorten(s.text, 300)), f"[{s.name}]") for s in sources if s.name not in plain]
    rows += [(code(topic.name), "nothing was looked up", NOT_VERIFIED) for topic in topics]
    return table(("Topic", "Finding", "Source"), rows) if rows else ""


def _versions(found: Sequence[Found], used: Mapping[str, Mapping[str, str]]) -> str:
    if not found:
        return "None was looked up."
    here: dict[str, str] = {}
    for use in stack.uses(used):
        for name in packages_of(use.value):
            shown = f"{quote(use.version or 'no version stated')}{f' ({code(use.evidence)})' if use.evidence else ''}"
            here.setdefault(name, shown)
    rows = [
        (
            code(f.name),
            f.version,
            f.released or "the index does not say",
            here.get(f.name, "no codebase shows it"),
            f"[{f.source}]",
        )
        for f in found
    ]
    return table(HEADER, rows)


def _meant(topics: Sequence[Topic], found: Sequence[Found], today: str) -> Iterator[str]:
    if found:
        yield f"The versions above were the newest on {today}: {listing([f'{code(f.name)} {f.version} [{f.source}]' for f in found], 8)}."
    yield "Every other version, and every technology proposed in the documents that follow, has to be looked up before it is relied on."
    if topics:
        yield f"What hangs on these topics is to be decided so that it can be changed: {listing([code(t.name) for t in topics], 8)}."


def _open(
    topics: Sequence[Topic], used: Mapping[str, Mapping[str, str]], found: Sequence[Found], today: str
) -> Iterator[str]:
    for topic in topics:
        yield f"{code(topic.name)}: maintenance, licence, known limits {cite(topic.passages) if topic.passages else ''}".rstrip()
    known = {f.name for f in found}
    silent = [
        quote(use.value)
        for use in stack.uses(used)
        if not known.intersection(packages_of(use.value)) and use.topic != "Language"
    ]
    if silent:
        yield f"whether what is in use is still maintained: {listing(list(dict.fromkeys(silent)), 12)}"
    yield f"whether a version has changed since {today}" if found else "any version: none was looked up"


def _sources(topics: Sequence[Topic], sources: Sequence[Material], today: str) -> str:
    cited = dict.fromkeys(name for topic in topics for name in topic.passages)
    read = f"the brief, read {today}: {cite(cited, 12)}" if cited else f"the facts of the run, read {today}"
    return bullets([read, *(f"[{source.name}] {quote(shorten(source.text, 300))}" for source in sources)])

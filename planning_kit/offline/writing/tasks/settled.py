"""What nothing answers yet: questions of the design and passages that no maker serves become makers that write down a decision."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from .... import ids
from ..markdown import shorten
from ..service.contract import ARCHITECTURE, UNSERVED, unserved
from .criteria import sourced
from .held import Held
from .layout import Layout
from .work import Work

MOST = 6
"""The most questions of one maker."""
_SAID_OF_ALL = frozenset(
    [
        "build",
        "creat",
        "chang",
        "table",
        "opera",
        "migra",
        "order",
        "refer",
        "what",
        "with",
        "that",
        "tests",
        "every",
        "answe",
        "contr",
        "asked",
        "runs",
        "from",
        "each",
        "must",
        "able",
        "system",
        "servi",
        "the",
    ]
)
"""Stems that say nothing of what a task is about."""
_CITES = re.compile(r"\[([PQRA]\d{1,6})\]")


def questions(held: Held) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The architecture's open questions: each with what holds until it is answered and the passages it is about."""
    document = held.basis.document(ARCHITECTURE)
    for line in document.section("Open questions").splitlines() if document else ():
        if line.startswith("- "):
            text = " ".join(line[2:].split())
            asked, _, until = _CITES.sub("", text).strip().partition("Until answered:")
            if not asked.startswith(UNSERVED):
                yield asked.strip(), until.strip(), tuple(_CITES.findall(text))


def first(held: Held, layout: Layout) -> Iterator[Work]:
    """For a brief of which nothing can be built yet: its questions, each maker a document of decisions."""
    asked = [each for each in questions(held)] or [("What is to be built, for whom, and what has it to do?", "", ())]
    size = -(-len(asked) // -(-len(asked) // MOST))
    for at in range(0, len(asked), size):
        mine, number = asked[at : at + size], at // size + 1
        what = "what is built" if at == 0 else "how it runs"
        file = f"docs/decisions/{number:04}-{what.replace(' ', '-')}.md"
        work = Work(f"settle-{number}", f"Settle {what}", "Ask whoever wants it, and write down each answer with its reason; nothing is built before.")  # fmt: skip
        work.after = [f"settle-{number - 1}"] if number > 1 else []
        work.creates, work.modifies = layout.parted([file])
        work.asked += [f"{question}{f' (until then: {until.rstrip(chr(46))})' if until else ''}{sourced(cites)}" for question, until, cites in mine]  # fmt: skip
        work.critical += [f"Answered, with who answered it: {shorten(question, 180)}" for question, _, _ in mine]
        work.expected += ["Each answer names the alternative that was rejected", "The documents of this plan are written again from the answers"]  # fmt: skip
        work.look += ["An answer that names no operation, nothing that is kept, or nobody who may use it", "An assumption written down as an answer"]  # fmt: skip
        work.give("requirements", [s for _, _, cites in mine for s in cites] if number > 1 else list(held.basis.passages))  # fmt: skip
        work.weight.append((0.4 * len(mine), f"{len(mine)} questions that only people can answer"))
        yield work


def left(held: Held, layout: Layout, made: list[Work]) -> Iterator[Work]:
    """What the brief asks for and no maker serves: first a decision, then an entry in the plan; requirements by id with their passages."""
    lost = required(held, made)
    named = {name for each in made for name in each.delivers["requirements"]}
    built = {name for each in made if not each.key.startswith(("tables-", "client-")) for name in each.delivers["requirements"]}  # fmt: skip
    texts = {
        each.id: each.text
        for document in held.basis.documents
        for each in ids.things(document)
        if each.kind == "FR" and each.id in lost
    }
    unmet = set(unserved(held.basis)[0])
    open_ones = [p for p in held.asking if p not in named or (p in unmet and p not in built)]
    open_ones += [each for each in lost if not set(lost[each]) - named]
    size = -(-len(open_ones) // -(-len(open_ones) // (2 * MOST))) if open_ones else 1
    for at in range(0, len(open_ones), size):
        mine, number = open_ones[at : at + size], at // size + 1
        of = f", part {number}" if len(open_ones) > size else ""
        work = Work(f"open-{number}", f"Settle what the design leaves open{of}", "The design answers these passages with no operation and no job; decide each before what it touches is released.")  # fmt: skip
        work.creates, work.modifies = layout.parted([f"docs/decisions/{100 + number:04}-open-passages.md"])
        work.asked += [f"“{shorten(held.words(name), 200)}” [{name}]." if name in held.basis.passages else f"{f'“{shorten(texts[name], 200)}” [{name}]' if texts.get(name) else name}." for name in mine]  # fmt: skip
        work.critical += [f"Every one of {', '.join(mine)} is met by a named task, changed in the design, or deferred with a reason", "Each rule that is met has a test that fails without it"]  # fmt: skip
        work.expected.append("Where the design changes, its documents are approved again before anything is built from them")  # fmt: skip
        work.look += ["A passage called met because something sounds like it", "A rule on how well (speed, retention, availability) without a figure that is measured"]  # fmt: skip
        work.give("requirements", mine)
        work.give("requirements", [name for name, passages in lost.items() if set(passages) & set(mine)])
        work.weight.append((0.3 * len(mine), f"{len(mine)} passages to decide"))
        yield work


def _stems(text: str) -> set[str]:
    """What ``text`` is about: its longer words without their endings, and without those that every task has."""
    return {word[:5] for word in re.findall(r"[a-z]{4,}", text.casefold().replace("_", " "))} - _SAID_OF_ALL


def required(held: Held, made: list[Work]) -> dict[str, tuple[str, ...]]:
    """Give each requirement that is there by id to the makers that serve the same operations or passages; gives those that nobody serves, with their passages."""
    lost: dict[str, tuple[str, ...]] = {}
    resting = Counter(name for document in held.basis.documents for each in ids.things(document) if each.kind in ids.REQUIREMENTS and not each.withdrawn for name in each.cites)  # fmt: skip
    shared = {name for name, many in resting.items() if many > 1}
    for document in held.basis.documents:
        for each in ids.things(document):
            if each.kind not in ids.REQUIREMENTS or each.withdrawn:
                continue
            passages = {name for name in each.cites if re.fullmatch(r"P\d+", name)}
            called = {f"{method} {path}" for method, path in each.operations}
            mine = [work for work in made if called & set(work.delivers["operations"])]
            if not mine:
                mine = [work for work in made if passages & set(work.delivers["requirements"])]
                if each.kind == "FR" and passages <= shared:
                    mine = [work for work in mine if _stems(each.text) & _stems(f"{work.name} {work.does}")]
            for work in mine[:3]:
                work.give("requirements", [each.id])
            if not mine:
                lost[each.id] = tuple(sorted(passages))
    return lost

"""What the plan was made from: the brief with its numbered passages, the facts, the sources; and where each is cited."""

from __future__ import annotations

from collections.abc import Callable

from .. import briefing, digest
from ..brief import Passage
from ..facts import CLASSES, SECTIONS
from ..research import Sources
from ..run import Run
from ..verify import Verified
from .cited import Citations
from .markup import Safe, code, facts, fold, joined, link, listed, said, table, tag

Place = Callable[[str], str]
"""Where the document called so is on the page."""
MOST = 200
"""The most characters of a passage that stand in the trace; the brief has all of them."""


def began(run: Run, checked: Verified) -> Safe:
    """What was ordered, as a title page has it, and whether the folder is as its record says."""
    ordered = run.ordered
    models = sorted({role.model for role in run.roles.values()})
    options = ", ".join(f"{name}={value}" for name, value in run.options.items())
    landed = run.landing
    return facts(
        [
            ("run", code(run.label)),
            ("id", code(run.id)),
            ("recipe", f"{run.recipe.title} ({run.recipe.name})"),
            ("options", options or "as the recipe has them"),
            ("model", ", ".join(models) or run.model),
            ("brief", joined([run.brief.name or "typed in", ", SHA-256 ", code(run.brief.digest)])),
            ("codebase", joined(["fingerprint ", code(ordered.get("fingerprint", ""))]) if landed or run.codebase else "none was given"),
            ("forked from", joined([code(run.forked["label"]), f", from the phase '{run.forked['phase']}' on"]) if run.forked else ""),
            ("rests on", link("given", run.given.words) if run.given else ""),
            ("began", str(ordered.get("began", run.today))),
            ("last record", next((each.at for each in reversed(list(run.journal))), "none")),
            ("verified", link("verified", "the run's folder differs from its record" if checked.faults else "nothing in the run's folder differs from its record")),
            ("made by", f"planning_kit {ordered.get('planning_kit', '')}".strip()),
        ]
    )  # fmt: skip


def rests(run: Run) -> Safe:
    """The documents of earlier runs it rests on, with their digests and who approved them there."""
    runs = [(code(each.label), code(each.run), each.recipe, code(each.head)) for each in run.given.runs]
    rows = [
        (code(taken.name), code(earlier.label), said, code(taken.digest), "the same" if digest.of_text(run.given.texts[taken.name]) == taken.digest else "another text since")
        for taken, earlier, said in run.given.lines
    ]  # fmt: skip
    return joined(
        [
            tag("p", "They were approved in an earlier run, are given to every seat as they were there, and are decided no more; they do not stand on this page."),
            table("The runs it rests on", ("run", "id", "recipe", "head of its journal then"), runs, "digests"),
            table("The documents of earlier runs", ("document", "run", "decided there", "SHA-256", "now"), rows, "digests"),
        ]
    )  # fmt: skip


def brief(run: Run, traced: Citations) -> Safe:
    """The brief, passage by passage, word for word, with class and how often each is cited."""
    classes = run.sheet.now.classes
    counted = [(name, sum(1 for each in classes.values() if each == name)) for name in CLASSES]
    line = ", ".join(f"{count} {name}" for name, count in counted if count)
    rows = [_passage(each, classes.get(each.id, ""), traced) for each in run.brief.passages]
    return joined(
        [
            tag("p", f"{len(rows)} passages: {line}. Word for word, as it was brought; the numbers are what the documents cite."),
            table("The brief, passage by passage", ("passage", "class", "line", "text", "cited"), rows, "brief"),
        ]
    )  # fmt: skip


def _passage(passage: Passage, kind: str, traced: Citations) -> tuple[object, ...]:
    times = sum(each.times for each in traced.of(passage.id))
    cited = link(f"t-{passage.id}", f"{times} ×") if times else "never"
    words = tag("span", passage.text.strip("\n"), class_="words")
    return (tag("span", passage.id, id_=passage.id), kind, passage.line, words, cited)


def traces(run: Run, traced: Citations, place: Place) -> Safe:
    """From each passage to the sections that cite it, and the passages nobody cites."""
    rows = [
        (tag("span", link(each.id, each.id), id_=f"t-{each.id}"), _short(each.plain), _cited(traced, each.id, place))
        for each in run.brief.passages
        if traced.of(each.id)
    ]
    nobody = traced.uncited(run.brief)
    texts = {each.id: _short(each.plain) for each in run.brief.passages}
    left = [joined([link(each, each), f": {texts[each]}"]) for each in nobody]
    asked = [(each.name, each.asks, each.settled, _cited(traced, each.name, place)) for each in run.sheet.now.questions]
    return joined(
        [
            table("Where each passage is cited", ("passage", "its words", "cited in"), rows),
            tag("p", tag("strong", f"{len(left)} passages that nobody cites" if left else "Every passage is cited."), " (headings left out)" if left else ""),
            listed(left),
            table("Where each answer and assumption is cited", ("name", "what was asked", "what holds", "cited in"), asked),
        ]
    )  # fmt: skip


def _cited(traced: Citations, cites: str, place: Place) -> Safe:
    """The sections that cite ``cites``, document by document."""
    found = traced.of(cites)
    documents = dict.fromkeys(each.document for each in found)
    lines = []
    for name in documents:
        sections = [
            joined([link(f"{place(name)}-l{each.line}" if each.line > 1 else place(name), each.section), f" ×{each.times}" if each.times > 1 else ""])
            for each in found
            if each.document == name
        ]  # fmt: skip
        lines.append(tag("div", code(traced.short(name)), ": ", joined(sections, ", ")))
    return joined(lines) if lines else said("nowhere")


def _short(words: str) -> str:
    return words if len(words) <= MOST else f"{words[:MOST].rpartition(' ')[0]} …"


def settled(run: Run) -> Safe:
    """The facts later phases took as given, part by part, with who settled them last."""
    now = run.sheet.now
    words = {
        "stack": briefing.stack(now),
        "passages": briefing.counted(now),
        "domains": (f"- {each.name}: {each.about} [{', '.join(each.passages)}]" for each in now.domains),
        "topics": briefing.topics(now),
        "questions": briefing.questions(now),
    }
    parts = [
        joined([tag("h3", part.capitalize(), id_=f"facts-{part}"), tag("p", "SHA-256 ", code(now.digest(part)), class_="small"), tag("div", "\n".join(words[part]) or "none", class_="words")])
        for part in SECTIONS
    ]  # fmt: skip
    rows = [
        (link(f"r{each.seq}", str(each.seq)), each.at, each.body.get("how", ""), each.body.get("by", "") or "not named", each.body.get("why", ""))
        for each in run.journal.of("settled")
    ]  # fmt: skip
    changed = table("How the facts became what they are", ("record", "when", "how", "by", "why"), rows)
    file = tag("div", fold("The file, as it is now", tag("pre", tag("code", run.sheet.text))), class_="screen")
    return joined([*parts, changed, file])


def sources(run: Run, traced: Citations, place: Place) -> Safe:
    """What was looked up, with the words that were quoted; an address is shown, never linked."""
    rows = [
        (tag("span", each.id, id_=each.id), each.title, code(each.url), tag("span", each.quoted, class_="words"), each.accessed, _cited(traced, each.id, place))
        for each in Sources(run.store).all
    ]  # fmt: skip
    if not rows:
        return tag("p", "Nothing was looked up for this run.")
    return table("Sources", ("source", "title", "address", "words quoted", "accessed", "cited in"), rows)

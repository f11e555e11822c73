"""A run as one self-contained page: no script, no request to anywhere, readable on a screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from .. import trace, view
from ..facts import SECTIONS
from ..given import FOLDER as GIVEN
from ..research import Sources
from ..run import Run
from ..trace import table
from ..verify import Verified, verify
from . import decided, given, guard, happened, spent
from .cited import citations
from .markup import Safe, banner, code, joined, link, tag
from .written import Written

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a browser may load for the page (Content Security Policy 3): pictures that are in it, and its own style."""
FEET = '@media print { @page { margin: 16mm 14mm 18mm; @bottom-left { content: "LABEL"; font: 8pt sans-serif; color: #555 } @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #555 } } }'
"""What stands at the foot of each printed page (CSS Paged Media 3, 4.2)."""


def page(run: Run, checked: Verified | None = None) -> str:
    """The whole record of ``run`` as HTML.

    Args:
        run: the run.
        checked: what came of verifying it; without it that is done here.

    Raises:
        BadInput: something in the run holds what looks like a secret.
        OptionRefused: nothing is written yet.
        Damaged: the record cannot be read.
    """
    guard.refuse(run)
    checked = checked or verify(run)
    written = Written(run)
    traced = citations([each.document for each in written.pages])
    known = {each.id: each.id for each in run.brief.passages} | {each.id: each.id for each in Sources(run.store).all}
    places = {each.document.name: each.place for each in written.pages} | {
        "brief.md": "brief",
        "plan of execution": "plan",
    }
    places |= {f"facts.yaml: {part}": f"facts-{part}" for part in SECTIONS}
    places |= {f"{GIVEN}: {each.name}": "given" for each in run.given.taken}
    sections = [
        ("decisions", "Decisions", joined([decided.asked(run), decided.gates(run, places)])),
        *([("checklist", "Checklist", decided.held(run))] if run.recipe.checklist else []),
        ("documents", "Documents", written.shown(known)),
        ("trace", "Trace: from the brief to the documents", joined([_trace(run), given.traces(run, traced, written.place)])),
        ("brief", "The brief", given.brief(run, traced)),
        *([("given", "What earlier runs gave", given.rests(run))] if run.given else []),
        ("facts", "Facts", given.settled(run)),
        ("sources", "Sources", given.sources(run, traced, written.place)),
        ("plan", "Plan of execution", spent.plan(run)),
        ("cost", "Cost", spent.spent(run)),
        ("calls", "Answers", spent.calls(run)),
        ("journal", "Journal", happened.happened(run)),
        ("verified", "How far this record can be relied on", decided.verified(run, checked)),
    ]  # fmt: skip
    body = [tag("section", tag("h2", title), part, id_=place) for place, title, part in sections]
    contents = [
        tag("li", link(place, title), written.contents() if place == "documents" else "")
        for place, title, _ in sections
    ]
    nav = tag("nav", tag("strong", "Contents"), tag("ol", *contents), aria_label="Contents")
    front = tag("header", *_front(run, written, checked))
    main = tag("main", *body, _foot(run))
    return guard.checked(_whole(run, joined([front, nav, main])))


def _trace(run: Run) -> Safe:
    """What became of what was asked for: in a sentence, as a picture, and what is missing."""
    return tag("div", Safe(table.shown(trace.of(run)).html), class_="figure")


def _front(run: Run, written: Written, checked: Verified) -> Iterator[Safe]:
    """What must be seen first."""
    yield tag("h1", run.title)
    yield tag("p", f"{run.recipe.title}: the record of a planning run", class_="kicker")
    if checked.faults:
        yield banner("stop", "The run's folder differs from its record; this page shows it as it is", checked.faults)
    closed = [phase for phase in run.phases if not phase.gate.open]
    if closed:
        why = [joined([link(f"gate-{each.name}", each.title), f": {'; '.join(each.gate.why)}"]) for each in closed]
        yield banner("wait", "Not everything is approved", why)
    else:
        yield banner("done", f"Every gate is open: {_by(run)}")
    errors = sum(each.severity == "error" for document in written.pages for each in document.own)
    if errors:
        yield banner("stop", f"The checks find {errors} error{'' if errors == 1 else 's'} in the documents as they are")
    yield given.began(run, checked)
    yield decided.table_of_gates(run)


def _by(run: Run) -> str:
    """By whom the gates were opened, in words."""
    last = [decision for phase in run.phases if (decision := phase.gate.decision)]
    ruled = sum(each.how == "policy" for each in last)
    people = list(dict.fromkeys(each.who for each in last if each.how != "policy"))
    parts = [f"{len(last) - ruled} by people ({', '.join(people)})"] if people else []
    return "; ".join([*parts, f"{ruled} by rule, with no person looking"] if ruled else parts)


def _foot(run: Run) -> Safe:
    head = joined(["Journal of ", code(run.label), " ended with ", code(run.journal.head), " when this page was made."])
    return tag("footer", tag("p", head), tag("p", "This page loads nothing and runs nothing; it can be kept, sent and printed as it is."))  # fmt: skip


def _whole(run: Run, body: Safe) -> str:
    style = files(__package__).joinpath("page.css").read_text("utf-8")
    label = "".join(each for each in run.label if each.isalnum() or each in "-/ ")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{view.escape(run.title)}: record of a planning run</title>\n"
        f"<style>\n{style}{FEET.replace('LABEL', label)}\n</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#decisions">Skip the contents</a>\n<div class="frame">{body}</div>\n</body>\n</html>\n'
    )

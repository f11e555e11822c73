"""The review panel under a cell: where a person decides, and what stays there as the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import view
from .cell import show
from .errors import PlanningError
from .findings import Findings, page
from .gate import SENT_BACK
from .redact import redact
from .review import Answer, Review
from .reviewed import short
from .settling import Settling

if TYPE_CHECKING:
    from .step import Step

PARTS = ("panel.js", "panel_page.js", "panel_decision.js")
"""The files of the panel's script, in order; together they are one module."""
_WIDGET = "application/vnd.jupyter.widget-view+json"


def _command(command: str, words: str) -> str:
    """A button that has JupyterLab do ``command``; nothing in it comes from anybody else."""
    return (
        f'<p><button data-commandlinker-command="{command}" data-commandlinker-args="{{}}" '
        f'style="padding:4px 12px">{words}</button></p>'
    )


_INERT = "The panel above lives only as long as its kernel: where there is none, or an error, run this cell again."
_WRITE = _command("notebook:run-all-cells", "Have it written (runs all cells; nothing is asked or paid for twice)")
_GO_ON = _command("notebook:run-all-below", "Run the cells below")
_AGAIN = _command(
    "notebook:run-all-cells", "Have it written again (runs all cells; nothing is asked or paid for twice)"
)


class Panel:
    """One phase under review. It shows digests; only what it shows can be decided with it.

    Args:
        phase: the phase.
        live: whether somebody may be there to click.

    Attributes:
        by: who last did something in a panel of this kernel; the next panel proposes them.
    """

    by = ""

    def __init__(self, phase: Step, live: bool) -> None:
        self.phase = phase
        self.live = live
        self.review = Review(phase)
        self.widget: Any = None
        self._over = False
        self._place: Any = None
        self._record: Any = None

    def _ipython_display_(self) -> None:
        self._over = False
        if self.live and (missing := unwritten(self.phase)):
            show(missing)
            return
        self.widget = self._made() if self.live and not self.phase.gate.open else None
        self._place = show(_Bundle(self.widget.model_id, inert(self.phase)) if self.widget else card(self.phase))
        self._record = show(self._shown())
        if self.widget and not self._over:  # it was painted at once; the record has drawn what was not drawn yet
            self.widget.page = self._opened(str(self.widget.page.get("name", "")))

    def _shown(self) -> view.Shown:
        """What is decided about, as it reads; folded as a whole while the panel shows it too."""
        whole = material(self.phase, self.review.findings)
        if not self.widget or self._over or not whole.html:
            return whole
        return view.Shown(
            f"<details><summary>{_INERT} Here is the same without it.</summary>{whole.html}</details>", whole.text
        )

    def _made(self) -> Any:
        """The widget; without anywidget there is none."""
        try:
            widget = _kind()()
        except ImportError:
            return None
        state = self.review.state(whole=())
        order = sorted(state["documents"], key=lambda each: (-each["errors"], -each["findings"]))
        widget.state = {**state, "by": Panel.by or state["by"]}
        widget.page = self.review.page(order[0]["name"], draw=False) if order else {"name": ""}
        widget.on_msg(lambda _, said, buffers: self.hear(said))
        return widget

    def hear(self, said: Mapping[str, Any]) -> None:
        """Do what a reviewer asks for, and show what came of it. May run on any thread.

        Args:
            said: ``do`` and what belongs to it, as the panel's script sends it; ``id`` is sent back as ``to``.
        """
        reply: dict[str, Any] = {"to": said.get("id")}
        try:
            answer, more = self._do(said)
        except PlanningError as error:
            answer, more = Answer(False, str(error)), {}
        except Exception as error:  # what is raised here is shown nowhere else
            fault = redact(f"{type(error).__name__}: {error}")
            answer, more = Answer(False, f"The panel failed: {fault}. Nothing was recorded by it; run this cell again"), {}  # fmt: skip
        reply |= {"done": answer.done, "said": view.visible(answer.said), **more}
        if answer.done and said.get("by"):
            Panel.by = str(said["by"])
        ended = bool(answer.decided) and self._settled
        if not ended and said.get("do") != "text":
            self._refresh()
        reply["again"] = answer.decided == SENT_BACK and not ended
        self.widget.send(reply)
        if ended:
            self._settle(answer.decided)

    def _do(self, said: Mapping[str, Any]) -> tuple[Answer, dict[str, Any]]:
        """What came of one request, and what else the panel is told."""
        review, by = self.review, str(said.get("by") or "")
        shown, comment = dict(said.get("shown") or {}), str(said.get("comment") or "")
        name = str(said.get("name") or "")
        match said.get("do"):
            case "open":
                self.widget.page = self._opened(name)
                return Answer(True, ""), {}
            case "text":
                text, digest = review.text(name)
                return Answer(True, ""), {"name": name, "text": text, "digest": digest}
            case "comment":
                where = (str(said.get("section") or ""), int(said.get("line") or 0), str(said.get("quote") or ""))
                return review.comment(str(said.get("document") or ""), *where, str(said.get("text") or ""), by), {}
            case "withdraw":
                return review.withdraw(int(said.get("seq") or 0), by), {}
            case "edit":
                return review.edit(name, str(said.get("text") or ""), by, str(said.get("seen") or "")), {}
            case "correct":
                return review.correct(said.get("corrected") or {}, by, shown), {}
            case "approve" if said.get("names") == "clean":
                return review.approve_all_without_findings(by, comment, shown), {}
            case "approve":
                return review.approve(by, comment, said.get("names"), shown, said.get("corrected")), {}
            case "send back":
                return review.send_back(by, comment, shown), {}
        return Answer(False, f"the panel cannot do {str(said.get('do'))[:40]!r}"), {}

    def _opened(self, name: str) -> dict[str, Any]:
        return self.review.page(name) if name else {"name": ""}

    def _refresh(self) -> None:
        """Show what is there now; what did not change is not sent again."""
        state = self.review.state(whole=())
        self.widget.state = {**state, "by": Panel.by or state["by"]}
        try:
            self.widget.page = self._opened(str(self.widget.page.get("name", "")))
        except PlanningError:
            self.widget.page = {"name": ""}

    @property
    def _settled(self) -> bool:
        """Whether nothing is left to be decided: the gate is open, or all that is not approved was sent back."""
        now = self.phase.gate
        if now.open:
            return True
        last = {name: now.about(name)[-1:] for name in now.subject if not now.approved(name)}
        return all(
            each and each[0].verdict == SENT_BACK and each[0].subject[name] == now.subject[name]
            for name, each in last.items()
        )

    def _settle(self, verdict: str) -> None:
        """Leave a static card: no widget remains in the notebook."""
        shown, go = card(self.phase), verdict != SENT_BACK
        self.widget.send({"settled": True, "go": go, "card": shown.html})
        said = "\nNow run the cells below." if go else ""
        self._place.update(view.Shown(shown.html + (_GO_ON if go else _AGAIN), shown.text + said))
        self._over = True
        self._record.update(self._shown())


class _Bundle:
    """The widget, and for whoever cannot show it what stands for it."""

    def __init__(self, model: str, instead: view.Shown) -> None:
        self._model, self._instead = model, instead

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        widget = {"version_major": 2, "version_minor": 0, "model_id": self._model}
        return {_WIDGET: widget, **self._instead._repr_mimebundle_()}


@cache
def _kind() -> Any:
    """The widget's class.

    Raises:
        ImportError: anywidget is not installed.
    """
    import anywidget
    import traitlets

    here = Path(__file__).parent

    class ReviewPanel(anywidget.AnyWidget):
        """What the panel shows (``state``, ``page``), and what is typed into it and not sent yet."""

        _esm = "\n".join((here / part).read_text("utf-8") for part in PARTS)
        _css = (here / "panel.css").read_text("utf-8")
        state = traitlets.Dict().tag(sync=True)
        page = traitlets.Dict().tag(sync=True)
        typed = traitlets.Dict().tag(sync=True)

    return ReviewPanel


def documents(phase: Step, findings: Findings) -> view.Shown:
    """The phase's documents as they read, those with errors first, then those with findings, all folded."""
    faults = Counter((each.document, each.severity == "error") for each in findings)
    ordered = sorted(phase.documents, key=lambda each: (-faults[each.name, True], -faults[each.name, False]))
    pages = [page(each, findings, phase.attempts(each.name)) for each in ordered]
    return view.Shown("".join(page.html for page in pages), "\n\n".join(page.text for page in pages))


def material(phase: Step, findings: Findings) -> view.Shown:
    """What is to be decided about: the documents, or the facts a step settles."""
    return phase.show(phase.settles) if isinstance(phase, Settling) else documents(phase, findings)


def card(phase: Step) -> view.Shown:
    """What was decided: by whom, when, on which digests; or what is missing, and how to decide without a notebook."""
    now, journal = phase.gate, phase.run.journal
    decision = now.decision
    if decision is None or (not now.open and decision.verdict != SENT_BACK):
        given = [str(each) for each in now.decisions]
        return view.box("wait", [f"{phase.title}: not decided", *now.why, *given, *_named(phase), *_commands(phase)])
    lines = [f"{phase.title}: {decision.verdict} by {decision.who}, {decision.at}"]
    lines += [f"“{decision.comment}”"] if decision.comment else []
    lines += [f"before: {each}" for each in now.decisions[:-1]]
    lines += _named(phase)
    lines += [f"record {decision.seq} of {sum(1 for _ in journal)} in the journal, whose head is {journal.head}"]
    if not now.open:
        lines += [
            "Run the cell that consults again: the comments go to the authors, and the next version comes back here."
        ]
    return view.box("done" if now.open else "wait", lines)


def unwritten(phase: Step) -> view.Shown | None:
    """What stands where the panel will be, as long as none of the step's documents is written; nothing once there is one."""
    if phase.settles or not phase.duties or phase.documents:
        return None
    now = phase.gate
    shown = view.box("wait", [f"{phase.title}: not written yet", *now.why])
    return (
        shown
        if now.before
        else view.Shown(shown.html + _WRITE, f"{shown.text}\nRun the cells above again to have it written.")
    )


def inert(phase: Step) -> view.Shown:
    """What stands where the panel was, for whoever has no kernel behind it: it says that it is inert."""
    lines = [
        f"{phase.title}: not decided when this was shown",
        "The panel that was here is inert: it lives only as long as its kernel. Run this cell again to have it back, with every decision as it was recorded.",
    ]
    return view.box("wait", [*lines, *phase.gate.why, *_named(phase), *_commands(phase)])


def _named(phase: Step) -> list[str]:
    """What a decision names: the start of each digest, the name, and who has approved exactly that."""
    now = phase.gate
    lines = []
    for name, digest in now.subject.items():
        given = ", ".join(f"{short(each)} at {each.at}" for each in now.approvals(name))
        lines.append(f"{digest[:12] or 'not written yet'}  {name}{f' — approved by {given}' if given else ''}")
    return lines


def _commands(phase: Step) -> list[str]:
    said = [
        "Decide here in JupyterLab, or on the command line:",
        f"  planning-kit approve {phase.run.label} {phase.name} --by NAME",
    ]
    back = f'  planning-kit send-back {phase.run.label} {phase.name} --by NAME --comment "what to change"'
    return [*said, back] if phase.can_be_sent_back else said

"""The review panel under a cell: where a person decides."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from . import view
from .cell import show
from .errors import BadInput, PlanningError
from .findings import Findings, page
from .form import Form
from .person import who
from .settling import Settling

if TYPE_CHECKING:
    from .step import Step


_GO_ON = (
    '<button data-commandlinker-command="notebook:run-all-below" data-commandlinker-args="{}" '
    'style="margin:4px 0;padding:4px 12px">Run the cells below</button> or run the next cell yourself.'
)


class Panel:
    """One phase under review. Showing it captures the digests shown; only those can be approved with it."""

    def __init__(self, phase: Step, live: bool) -> None:
        self.phase = phase
        self.live = live
        self.shown: dict[str, str] = {}
        self.findings: Findings = Findings()
        self.decided = False
        self.form: Form | None = None
        self._lock = threading.Lock()
        self._documents: Any = None
        self._place: Any = None

    def _ipython_display_(self) -> None:
        self.shown, self.decided, self.findings = dict(self.phase.subject), False, self.phase.findings
        asks = self.live and not self.phase.gate.open and self._controls()
        if self.phase.documents or isinstance(self.phase, Settling):
            self._documents = show(material(self.phase, self.findings, self.form))
        self._place = show(self.widget if asks else card(self.phase))

    def _controls(self) -> bool:
        """Build the form; without ipywidgets there is none."""
        try:
            import ipywidgets as widgets
        except ImportError:
            return False
        back = self.phase.can_be_sent_back
        said = "needed to send back; the consultants read it" if back else "optional; kept with the decision"
        wide = widgets.Layout(width="90%", max_width="720px")
        self.by = widgets.Text(value=who(), description="Decided by", layout=wide)
        self.comment = widgets.Textarea(description="Comment", placeholder=said, layout=wide, rows=3)
        self.accept = widgets.Button(description="Approve", button_style="success")
        self.reject = widgets.Button(description="Send back", button_style="warning")
        self.accept.on_click(lambda _: self.decide(approve=True))
        self.reject.on_click(lambda _: self.decide(approve=False))
        buttons = [self.accept, self.reject] if back else [self.accept]
        self.said = widgets.HTML(_asks(self.phase, self.findings).html)
        self._below = (self.by, self.comment, widgets.HBox(buttons))
        self.widget = widgets.VBox()
        self._fill()
        return True

    def _fill(self) -> None:
        """Put what is there now into the form."""
        self.form = Form(self.phase) if isinstance(self.phase, Settling) else None
        self.widget.children = (self.said, *(self.form.fields if self.form else ()), *self._below)

    def decide(self, approve: bool) -> None:
        """Record the decision about what was shown, once, and say so. May run on any thread."""
        with self._lock:
            if self.decided:
                return
            by, comment = self.by.value.strip(), self.comment.value.strip()
            try:
                if approve:
                    if self.form and isinstance(self.phase, Settling):
                        self.shown = self.phase.correct(self.form.read(), by, self.shown)
                    self.phase.approve(by, comment, self.shown)
                else:
                    self.phase.send_back(by, comment, self.shown)
            except PlanningError as error:
                self._ask_again(str(error))
                return
            self.decided = True
            self._settle(approve)

    def _ask_again(self, reason: str) -> None:
        try:
            now = dict(self.phase.subject)
        except BadInput:  # what lies on the disk cannot be read; the reason says so
            now = self.shown
        if now != self.shown:
            self.shown, self.findings = now, self.phase.findings
            self._fill()
            if self._documents is not None:
                self._documents.update(material(self.phase, self.findings, self.form))
        self.said.value = (view.box("stop", [reason]) + _asks(self.phase, self.findings)).html

    def _settle(self, approved: bool) -> None:
        """Leave a static card: no widget remains in the notebook."""
        if self.form and self._documents is not None:
            self._documents.update(material(self.phase, self.findings))
        shown = card(self.phase)
        if approved:
            shown = view.Shown(shown.html + _GO_ON, f"{shown.text}\nNow run the cells below.")
        self.widget.children = (self.said,)
        self.said.value = shown.html
        self._place.update(shown)


def documents(phase: Step, findings: Findings) -> view.Shown:
    """The phase's documents as they read, those with errors first, then those with findings, all folded."""
    faults = Counter((each.document, each.severity == "error") for each in findings)
    ordered = sorted(phase.documents, key=lambda each: (-faults[each.name, True], -faults[each.name, False]))
    pages = [page(each, findings, phase.attempts(each.name)) for each in ordered]
    return view.Shown("".join(page.html for page in pages), "\n\n".join(page.text for page in pages))


def material(phase: Step, findings: Findings, form: Form | None = None) -> view.Shown:
    """What is to be decided about: the documents, or the facts a step settles beside those that ``form`` asks for."""
    if not isinstance(phase, Settling):
        return documents(phase, findings)
    return phase.show([part for part in phase.settles if part != "questions" or not (form and form.answers)])


def card(phase: Step) -> view.Shown:
    """What was decided, or that nothing is decided and how to decide it without a notebook."""
    decision = phase.gate.decision
    if decision is None or (decision.verdict == "approved" and not phase.gate.open):
        return view.box("wait", [f"{phase.title}: not decided", *phase.gate.why, *_commands(phase)])
    how = "policy " if decision.how == "policy" else ""
    lines = [f"{phase.title}: {decision.verdict} by {how}{decision.by}, {decision.at}"]
    lines += [f"“{decision.comment}”"] if decision.comment else []
    lines += [f"{digest[:12]}  {name}" for name, digest in decision.subject.items()]
    if not phase.gate.open:
        lines += ["Run the cell that consults again: the remark goes to the consultants."]
    return view.box("done" if phase.gate.open else "wait", lines)


def _asks(phase: Step, findings: Findings) -> view.Shown:
    gate = phase.gate
    names = [f"{digest[:12]}  {name}" for name, digest in gate.subject.items()]
    about = " about the facts" if phase.settles else ""
    lines = [
        f"{phase.title}: to be decided ({view.count(findings)}{about})",
        *(gate.why if gate.decision else gate.before),
    ]
    return view.box("wait", [*lines, "A decision names exactly what is shown:", *names])


def _commands(phase: Step) -> list[str]:
    return [
        "Decide here in JupyterLab, or on the command line:",
        f"  planning-kit approve {phase.run.label} {phase.name} --by NAME",
        f'  planning-kit send-back {phase.run.label} {phase.name} --by NAME --comment "what to change"',
    ]

"""The review panel and live progress under a cell: where a person decides, and how a wait looks."""

from __future__ import annotations

import os
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from . import view
from .errors import BadInput, PlanningError, Stopped, Waiting
from .findings import Findings, page
from .form import Form
from .person import who
from .settling import Settling

if TYPE_CHECKING:
    from .sitting import Snapshot
    from .step import Step

HEADLESS = "PLANNING_KIT_HEADLESS"
"""The environment variable that says nobody is there to click."""

_GO_ON = (
    '<button data-commandlinker-command="notebook:run-all-below" data-commandlinker-args="{}" '
    'style="margin:4px 0;padding:4px 12px">Run the cells below</button> or run the next cell yourself.'
)


class NotebookFace:
    """How a run shows itself in a kernel: static HTML with plain text beside it, widgets only while somebody decides."""

    def __init__(self, live: bool | None = None) -> None:
        self.live = attended() if live is None else live
        self._cell = -1
        self._progress: Any = None

    def progress(self, snapshot: Snapshot) -> None:
        """Show where the phase is, in the place of what this cell showed before."""
        cell = getattr(_shell(), "execution_count", 0)
        shown = pace(snapshot)
        if self._progress is not None and self._cell == cell:
            self._progress.update(shown)
        else:
            self._cell, self._progress = cell, _show(shown)

    def review(self, phase: Step) -> Panel:
        """What is to be decided and, while it is undecided and somebody is there, where to decide it."""
        return Panel(phase, self.live)


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
            self._documents = _show(material(self.phase, self.findings, self.form))
        self._place = _show(self.widget if asks else card(self.phase))

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


def attended() -> bool:
    """Whether somebody may be there to click: a kernel with a front end, not a batch run."""
    return not os.environ.get(HEADLESS) and getattr(_shell(), "kernel", None) is not None


def install() -> None:
    """In a notebook, show a wait, a stop, an interrupt or bad input as one box instead of a traceback."""
    shell = _shell()
    if shell is not None:
        shell.set_custom_exc((Waiting, Stopped, BadInput, KeyboardInterrupt), _explain)


def _explain(shell: object, kind: type, error: BaseException, trace: object, tb_offset: object = None) -> list[str]:
    titles = {
        Waiting: "Waiting for a decision",
        Stopped: "Stopped; what was done is kept",
        BadInput: "This cannot be used",
        KeyboardInterrupt: "Interrupted; finished answers are kept",
    }
    title = next(words for parent, words in titles.items() if issubclass(kind, parent))
    advice = ["Run this cell again to carry on; nothing is asked or paid for twice."]
    _show(view.box("wait" if issubclass(kind, Waiting) else "stop", [title, *str(error).splitlines(), *advice]))
    return []


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


def pace(snapshot: Snapshot) -> view.Shown:
    """A snapshot as a line and a table: who writes what, words so far, cost and time so far."""
    done = sum(seat.state in ("done", "kept") for seat in snapshot.seats)
    words = sum(seat.words for seat in snapshot.seats)
    line = (
        f"{snapshot.phase}: {done} of {len(snapshot.seats)} written, {words:,} words, "
        f"${snapshot.spent:.2f}, {snapshot.seconds:.0f} s"
    )
    rows = [(seat.seat, seat.document, seat.state, f"{seat.words:,}") for seat in snapshot.seats]
    table = view.table(("consultant", "document", "state", "words"), rows)
    return view.Shown(f"<p><strong>{view.escape(line)}</strong></p>{table.html}", f"{line}\n{table.text}")


def _shell() -> Any:
    from IPython import get_ipython

    return get_ipython()


def _show(what: object) -> Any:
    from IPython.display import display

    return display(what, display_id=True)  # type: ignore[no-untyped-call]


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

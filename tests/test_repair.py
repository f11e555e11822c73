"""A draft with errors goes back to its author; every attempt is kept, none makes it worse, and what is left goes to the gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planning_kit import pipeline, status
from planning_kit.checks.about import About
from planning_kit.consult import Draft, Frame, consult
from planning_kit.errors import CatalogRefused, Waiting
from planning_kit.loopback import asked
from planning_kit.model import Hear, Reply, Request
from planning_kit.panel import documents
from planning_kit.run import Run

from .authors import PARTS
from .test_asked_of_claude import ordered, served, through
from .test_model_run import written

SEAT = "database-consultant"
NAME = "05-data-model.md"
SQL = PARTS["DDL"]
COMMA = SQL.replace("(id uuid PRIMARY KEY)", "(id uuid PRIMARY KEY,, body text)")
assert COMMA != SQL


def faulty(body: dict[str, Any]) -> str:
    """What :func:`written` writes, with two commas where one belongs."""
    return written(body).replace(SQL, COMMA)


def answering(*drafts: Callable[[dict[str, Any]], str]) -> tuple[Callable[[dict[str, Any]], str], Counter[str]]:
    """A reply that gives the database consultant's drafts one after the other, the last one for ever; and how often each seat asked."""
    times: Counter[str] = Counter()

    def reply(body: dict[str, Any]) -> str:
        seat = asked(body).seat
        times[seat] += 1
        return drafts[min(times[seat], len(drafts)) - 1](body) if seat == SEAT else written(body)

    return reply, times


def designed(run: Run) -> Any:
    return through(run, "intake", "scope", "research").phase("consultants").consult()


def name_of(phase: Any) -> str:
    return next(str(name) for name in phase.names if name.endswith(NAME))


def test_a_faulty_answer_goes_back_with_its_line_and_comes_back_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply, times = answering(faulty, written)
    with served(monkeypatch, reply) as server:
        phase = designed(ordered(tmp_path))
        prompts = [heard.body for heard in server.requests if asked(heard.body).seat == SEAT]
    assert times[SEAT] == 2 and phase.findings.errors == 0
    told = str(prompts[1]["messages"])
    assert "PRIMARY KEY,, body text)" in told and "error at “CREATE TABLE" in told
    first, second = phase.attempts(name_of(phase))
    assert (first["errors"] > 0, first["kept"], second["errors"], second["kept"]) == (True, True, 0, True)
    texts = [phase.run.store.version(attempt["digest"]) for attempt in (first, second)]
    assert ",, body" in texts[0] and texts[1] == phase.path(name_of(phase)).read_text()


def test_the_gate_shows_what_the_author_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch, answering(faulty, written)[0]):
        phase = designed(ordered(tmp_path))
    shown = documents(phase, phase.findings).text
    assert "attempt 1: 1 error" in shown and "attempt 2: nothing found; mended: " in shown


def test_what_is_never_mended_is_asked_for_as_often_as_the_consultant_says_and_then_stands_at_the_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    less = [lambda body, n=n: faulty(body).replace("## Key decisions", "\n".join(["- [P900]"] * n) + "\n\n## Key decisions") for n in (4, 3, 2, 1)]  # fmt: skip
    reply, times = answering(*less)
    with served(monkeypatch, reply):
        run = ordered(tmp_path)
        phase = designed(run)
        again = phase.consult()
    assert times[SEAT] == 3 and again.findings.errors == phase.findings.errors > 0
    assert [attempt["kept"] for attempt in phase.attempts(name_of(phase))] == [True, True, True]
    phase.review("clean")
    assert not phase.gate.open
    with pytest.raises(Waiting, match="the checks found"):
        phase.require()
    assert [each["severity"] for each in status.facts(run)["phases"][3]["findings"]][0] == "error"


def test_a_repair_that_makes_it_worse_is_dropped_and_kept_as_evidence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worse: Callable[[dict[str, Any]], str] = lambda body: faulty(body).replace("[P1]", "[P901]")  # noqa: E731
    reply, times = answering(faulty, worse, written)
    with served(monkeypatch, reply):
        phase = designed(ordered(tmp_path))
    assert times[SEAT] == 2 and phase.findings.errors == 1
    assert [attempt["kept"] for attempt in phase.attempts(name_of(phase))] == [True, False]
    assert "[P901]" not in phase.path(name_of(phase)).read_text()
    assert "dropped, it was no better" in documents(phase, phase.findings).text
    assert "[P901]" in (phase.run.store.version(phase.attempts(name_of(phase))[1]["digest"]) or "")


def test_a_consultant_says_how_often_it_may_be_asked_to_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own"
    own.mkdir()
    shipped = Path(pipeline.__file__).parent / "consultants" / f"{SEAT}.md"
    page = shipped.read_text()
    (own / f"{SEAT}.md").write_text(page.replace("heading: Data Model", "heading: Data Model\nrepairs: 0"))
    reply, times = answering(faulty)
    with served(monkeypatch, reply):
        designed(ordered(tmp_path / "out", f"consultants={own}"))
    assert times[SEAT] == 1
    (own / f"{SEAT}.md").write_text(page.replace("heading: Data Model", "heading: Data Model\nrepairs: 9"))
    with pytest.raises(CatalogRefused, match=r"repairs"):
        ordered(tmp_path / "out", f"consultants={own}")


class Script:
    """A transport that gives these texts one after the other."""

    def __init__(self, *texts: str) -> None:
        self.texts, self.asked = list(texts), list[Request]()

    def send(self, request: Request, hear: Hear) -> Reply:
        self.asked.append(request)
        return Reply(self.texts.pop(0), request.model, "end_turn", at="2026-11-21T00:00:00Z")


def drafted(*texts: str, repairs: int = 2) -> tuple[Draft, Script]:
    script = Script(*texts)
    request = Request("m", "seat", "A feature", "role", (), "task", ())
    about = About(sections=("Notes", "Key decisions"))
    frame = Frame("x.md", "T", "recipe", 1)
    return consult(request, frame, about, script, lambda text: None, lambda state: None, repairs), script


END = "\n\n## Key decisions\n\nOne thing was decided.\n"


def test_warnings_alone_are_no_reason_to_ask_again() -> None:
    draft, script = drafted("# T\n\n## Notes\n\nThis is TBD in part." + END)
    assert [finding.severity for finding in draft.findings] == ["warning"] and len(script.asked) == 1


def test_an_attempt_with_as_many_errors_is_not_taken_for_better() -> None:
    draft, script = drafted("# T\n\n## Notes\n\nx\n", "# T\n\n## Notes\n\ny\n")
    assert len(script.asked) == 2 and "\nx\n" in draft.document.text


def test_the_author_reads_errors_before_warnings() -> None:
    _, script = drafted("# T\n\n## Notes\n\nThis is TBD in part.\n", "# T\n\n## Notes\n\nx" + END)
    assert [told.split()[0].rstrip(":") for told in script.asked[1].findings] == ["error", "error", "warning"]

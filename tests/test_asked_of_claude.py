"""What a run asks of Claude and makes of the answers: roles, research and its sources, refusals, cuts, JSON; on the loopback server."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from planning_kit import forecast, status, tables
from planning_kit.errors import BudgetSpent
from planning_kit.loopback import Loopback, asked
from planning_kit.order import Order
from planning_kit.run import Run

from .authors import FACTS
from .test_model_run import TOGETHER, written

BRIEF = "# Notes\n\nReaders must be able to read notes over HTTP.\n\nThe service uses FastAPI and PostgreSQL.\n"
KEY = "sk-ant-api03-" + "k" * 40


@contextlib.contextmanager
def served(monkeypatch: pytest.MonkeyPatch, reply: Any = written, **settings: Any) -> Iterator[Loopback]:
    with Loopback(reply, **settings) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        yield server


def ordered(folder: Path, *settings: str, **more: Any) -> Run:
    """A run of the brief, with nothing approved yet; package indexes are not asked unless a test says so."""
    lookup = () if any(setting.startswith("lookup") for setting in settings) else ("lookup=off",)
    return Order(BRIEF, outputs=folder, new=True, settings=(*settings, *lookup), **more).run()[0]


def through(run: Run, *names: str) -> Run:
    """``run`` with these phases written and approved."""
    for name in names:
        run.phase(name).consult().approve("ann")
    return run


def asked_by(server: Loopback, seat: str) -> list[dict[str, Any]]:
    return [dict(heard.body) for heard in server.requests if asked(heard.body).seat == seat]


def test_every_seat_is_asked_by_its_own_model_and_as_hard_as_it_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(monkeypatch) as server:
        run = ordered(tmp_path, "model.security-consultant=strong", "effort=high", "effort.stack-consultant=low")
        through(run, "intake", "scope", "research").phase("consultants").consult()
        security, stack = asked_by(server, "security-consultant")[0], asked_by(server, "stack-consultant")[0]
    assert (security["model"], security["output_config"]) == ("claude-opus-5-5", {"effort": "high"})
    assert (stack["model"], stack["output_config"]) == ("claude-sonnet-5-5", {"effort": "low"})
    assert {call.model for call in run.ledger.calls} == {"claude-opus-5-5", "claude-sonnet-5-5"}


def test_a_plain_server_is_asked_for_text_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch, plain=True, models=["llama3"]) as server:
        run = ordered(tmp_path, "effort=high", model="llama3")
        through(run, "intake", "scope", "research").phase("consultants").consult()
        bodies = [heard.body for heard in server.requests]
    assert len(bodies) == 6 and all(
        set(body) == {"model", "max_tokens", "system", "messages", "stream"} for body in bodies
    )
    assert "cache_control" not in json.dumps(bodies)
    assert run.phase("consultants").ready and not run.phase("consultants").findings


def test_what_was_searched_is_numbered_listed_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch) as server:
        run = through(ordered(tmp_path, "web.searches=3", "web.domains=postgresql.org"), "intake", "scope", "research")
        (body,) = asked_by(server, "technology-researcher")
        run.phase("consultants").consult()
    assert [(tool["name"], tool["max_uses"], tool["allowed_domains"]) for tool in body["tools"]] == [
        ("web_search", 3, ["postgresql.org"]), ("web_fetch", 3, ["postgresql.org"]),
    ]  # fmt: skip
    kept = json.loads((run.folder / "sources.json").read_text())
    text = run.phase("research").documents[0].text
    assert kept and [source["id"] for source in kept] == [f"S{n}" for n in range(1, len(kept) + 1)]
    for source in kept:
        assert source["quoted"] and source["accessed"] and source["document"].endswith("03-research.md")
        assert re.search(
            rf"(?m)^- \[{source['id']}\] \[.*\]\({re.escape(source['url'])}\), accessed {source['accessed']}", text
        )
    assert list(tables.sources(run)["id"]) == [source["id"] for source in kept]
    assert all("03-research.md" in json.dumps(asked_by(server, seat)[0]["messages"]) for seat in TOGETHER)
    assert not run.phase("research").findings


def test_research_reads_little_and_shares_no_prefix_with_those_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(monkeypatch) as server:
        run = through(ordered(tmp_path), "intake", "scope", "research")
        (research,) = asked_by(server, "technology-researcher")
        run.phase("consultants").consult()
        others = [json.dumps(asked_by(server, seat)[0]["messages"][0]["content"][:-1]) for seat in TOGETHER]
        consultant = asked_by(server, TOGETHER[0])[0]
    assert len(set(others)) == 1
    assert "passages:" not in json.dumps(research["messages"][0]["content"][:-1])
    assert "topics:" in json.dumps(research["messages"][0]["content"][:-1])
    assert "tools" not in consultant and "03-research.md" in others[0]


@pytest.mark.parametrize(("settings", "server_is"), [(("web.searches=0",), {}), ((), {"plain": True})])
def test_without_a_search_nobody_is_asked_and_the_document_says_that_nothing_was_looked_up(
    settings: tuple[str, ...], server_is: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(monkeypatch, **server_is) as server:
        run = through(ordered(tmp_path, *settings), "intake", "scope")
        research = run.phase("research").consult()
        assert not asked_by(server, "technology-researcher")
    assert "not done" in research.documents[0].text and not research.findings
    assert not (run.folder / "sources.json").exists()


def test_whether_the_web_is_searched_is_settled_once_for_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch, plain=True) as server:
        run = through(ordered(tmp_path), "intake", "scope")
        run.phase("research").consult()
    with served(monkeypatch) as server:
        again = Run.open(run.folder)
        again.phase("research").consult()
        assert not server.requests and again.phase("research").ready


def test_a_redraft_goes_on_with_the_numbers_and_drops_what_it_no_longer_cites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(monkeypatch):
        run = through(ordered(tmp_path), "intake", "scope")
        run.phase("research").consult()
        first = {source["id"] for source in json.loads((run.folder / "sources.json").read_text())}
        run.phase("research").send_back("ann", "Look at licences too.")
        research = run.phase("research").consult()
        second = json.loads((run.folder / "sources.json").read_text())
    text = research.documents[0].text
    assert first and not first & {source["id"] for source in second}
    assert all(f"- [{source['id']}] " in text for source in second) and not research.findings


class _Index(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.heard.append(self.path)  # type: ignore[attr-defined]
        data = json.dumps(
            {"versions": ["9.1.0"], "files": [{"filename": "x-9.1.0.tar.gz", "upload-time": "2026-11-01T00:00:00Z"}]}
        )
        self.send_response(200)
        self.send_header("content-type", "application/vnd.pypi.simple.v1+json")
        self.end_headers()
        self.wfile.write(data.encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextlib.contextmanager
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A package index that knows everything; gives what it was asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Index)
    server.heard = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_address[1]}/simple")
    try:
        yield server.heard  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


def test_versions_of_packages_the_brief_names_are_looked_up_once_and_given_to_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with index(monkeypatch) as heard, served(monkeypatch) as server:
        run = through(ordered(tmp_path, "lookup=on"), "intake", "scope", "research")
        run.phase("consultants").consult()
        Run.open(run.folder).phase("research").consult()
        (research,) = asked_by(server, "technology-researcher")
        consultant = asked_by(server, TOGETHER[0])[0]
    assert heard.count("/simple/fastapi/") == 1
    assert "9.1.0, released 2026-11-01" in json.dumps(research) and "9.1.0, released 2026-11-01" in json.dumps(
        consultant
    )
    kept = {source["id"]: source for source in json.loads((run.folder / "sources.json").read_text())}
    assert kept["S1"]["title"].startswith("fastapi on ") and kept["S2"]["document"].endswith("03-research.md")


def test_a_refusal_is_shown_blocks_nobody_and_goes_to_the_fallback_if_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(body: Any, number: int) -> str:
        return (
            "refusal:cyber"
            if asked(body).seat == "security-consultant" and body["model"] != "claude-opus-4-8"
            else "ok"
        )

    with served(monkeypatch, script=refused):
        run = through(ordered(tmp_path / "without"), "intake", "scope", "research")
        consultants = run.phase("consultants").consult()
        assert consultants.ready
        assert {finding.document.rpartition("/")[2] for finding in consultants.findings} == {
            "07-security-requirements.md"
        }
        assert "refusal (cyber)" in " ".join(map(str, consultants.findings))
        run = through(ordered(tmp_path / "with", "fallback=claude-opus-4-8"), "intake", "scope", "research")
        consultants = run.phase("consultants").consult()
    assert consultants.ready and not consultants.findings
    refused, answered = sorted(
        (c for c in run.ledger.calls if c.seat == "security-consultant"), key=lambda c: c.dollars
    )
    assert (refused.model, answered.model) == ("claude-sonnet-5-5", "claude-opus-4-8")
    assert refused.dollars == 0.0 and refused.reply.usage.read == 0  # a refusal without a word is not billed


def test_a_cut_answer_is_gone_on_with_and_paid_for_turn_by_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = iter(["max_tokens"])

    def once(body: Any, number: int) -> str:
        return next(cut, "ok") if asked(body).seat == "database-consultant" else "ok"

    with served(monkeypatch, script=once):
        run = through(ordered(tmp_path), "intake", "scope", "research")
        consultants = run.phase("consultants").consult()
    assert consultants.ready and not consultants.findings
    assert len([call for call in run.ledger.calls if call.seat == "database-consultant"]) == 2


@pytest.mark.parametrize(("wrong", "used"), [(1, True), (2, False)])
def test_facts_that_do_not_fit_are_repaired_once_with_the_exact_error_or_left_as_proposed(
    wrong: int, used: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(['{"domains": [], "topics": [], "questions": []}'] * wrong)
    with served(monkeypatch, reply=lambda body: next(answers, FACTS.split("```")[1].removeprefix("json"))) as server:
        scope = through(ordered(tmp_path), "intake").phase("scope").consult()
        asks = asked_by(server, "intake-analyst")
    assert len(asks) == 2 and "at least one domain" in asks[1]["messages"][-1]["content"][-1]["text"]
    assert all(body["output_config"]["format"]["type"] == "json_schema" for body in asks)
    assert ("could not be used" in " ".join(map(str, scope.findings))) is not used
    assert (scope.run.sheet.now.domains[0].name == "reading") is used


def test_a_model_the_server_does_not_have_is_found_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planning_kit.errors import OptionRefused

    with served(monkeypatch, models=["claude-sonnet-5-5", "claude-opus-5-5"]) as server:
        with pytest.raises(
            OptionRefused, match=r"no such model at .*'claude-opus-5-6'; did you mean 'claude-opus-5-5'\?"
        ):
            ordered(tmp_path / "outputs", "model.security-consultant=claude-opus-5-6")
        assert not server.requests and not (tmp_path / "outputs").exists()


def test_the_estimate_is_kept_before_anything_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch) as server:
        run = ordered(tmp_path)
        assert not server.requests
    rows = json.loads((run.folder / "estimate.json").read_text())
    assert "security-consultant" in json.dumps(rows)


def test_the_analyst_s_refusal_is_called_one_and_the_proposal_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(monkeypatch, script=["refusal:cyber"]):
        scope = through(ordered(tmp_path), "intake").phase("scope").consult()
    assert scope.ready and "it ended with 'refusal (cyber)'" in " ".join(map(str, scope.findings))


def test_a_rehearsal_names_the_same_authors_and_price_as_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(monkeypatch):
        order = Order(BRIEF, outputs=tmp_path, settings=("lookup=off",))
        with order.rehearsed() as rehearsed:
            before = forecast.plan(rehearsed)
        after = forecast.plan(order.run()[0])
    assert list(before.lines) == list(after.lines) and before.dollars == after.dollars > 0
    assert "offline" not in " ".join(before.lines)


def test_what_a_plain_server_s_seats_are_written_by_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch, plain=True, models=["llama3"]):
        lines = " ".join(forecast.plan(ordered(tmp_path, model="llama3")).lines)
    assert "llama3 at 127.0.0.1" in lines and "; by rule: Technology researcher" in lines
    assert "no price is known for llama3, so that no budget can stop it" in lines


def test_a_budget_too_small_for_the_dearest_call_is_said_before_and_how_much_is_enough_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(monkeypatch):
        run = through(ordered(tmp_path, budget=0.7), "intake", "scope")
        assert "too little for Technology researcher, which may cost up to $" in " ".join(forecast.plan(run).lines)
        with pytest.raises(BudgetSpent) as stop:
            run.phase("research").consult()
        enough = float(re.search(r"run again with --budget (\d+\.\d\d) or more", str(stop.value))[1])  # type: ignore[index]
        run.allow(enough)
        assert run.phase("research").consult().ready


def test_tries_that_were_under_way_when_it_was_killed_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch):
        run = through(ordered(tmp_path), "intake", "scope", "research")
    phase = run.phase("consultants")
    for duty in phase.duties[:2]:
        with run.spool.keeping(phase.question(duty).digest) as (_, keep):
            keep('{"type": "message_start"}')
    said = status.facts(Run.open(run.folder))
    assert said["cost"]["under_way"] == 2 and "2 more under way" in "\n".join(status.lines(said))


def test_a_document_with_errors_is_not_called_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch, reply=None):
        run = through(ordered(tmp_path), "intake", "scope", "research")
        receipts = [str(receipt) for receipt in run.phase("consultants").consult().receipts]
    assert any(re.match(r"! Design written, \d+ errors? left\. Saved to ", receipt) for receipt in receipts)

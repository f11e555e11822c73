"""What a run has cost: by seat, phase and kind of token, beside what was expected before anything was spent."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planning_kit import bars, costs, forecast, prices, progress, status, tables
from planning_kit.errors import Damaged
from planning_kit.model import Hear, Reply, Request, Source, Usage
from planning_kit.order import Order
from planning_kit.run import Run
from planning_kit.spool import Spool
from planning_kit.tally import compared

BRIEF = "# Notes\n\nReaders must be able to read notes over HTTP. " + "Each note has a title and a text. " * 200 + "\n"
SONNET = "claude-sonnet-5-5"
USAGE = Usage(input=1_000, output=10_000, cache_read=2_000, cache_write=3_000, cache_write_1h=4_000, searches=2)
PAID = (1_000 * 2 + 10_000 * 10 + 2_000 * 0.1 + 3_000 * 2.5 + 4_000 * 4) / 1_000_000 + 0.02
FIVE = ("backend", "database", "stack", "security", "compliance")


class Told:
    """Answers everything with the reply it was given."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def send(self, request: Request, hear: Hear) -> Reply:
        return self._reply


def begun(tmp_path: Path, model: str = SONNET, reply: Reply | None = None) -> Run:
    """A run that asks ``model``, whose server has not been heard of."""
    run, _ = Order(BRIEF, model="offline", outputs=tmp_path / "outputs").run()
    path = run.folder / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2, "model": model}))
    return Run.open(run.folder, author=lambda: Told(reply or Reply("text", model, usage=USAGE, seconds=2.0)))


def ask(run: Run, seat: str, model: str = SONNET, task: str = "Write.") -> Request:
    request = Request(model, seat, "Notes", "You.", (), task, ())
    run.ledger.send(request, lambda piece: None)
    return request


def line(run: Run, seat: str) -> costs.Line:
    return next(each for each in costs.lines(run) if each.seat == seat)


def drawing(shown: Any) -> ElementTree.Element:
    found = re.search(r"base64,([A-Za-z0-9+/=]+)", shown.html)
    assert found
    return ElementTree.fromstring(b64decode(found.group(1)).decode())


def words(shown: Any) -> list[str]:
    return [str(node.text) for node in drawing(shown).iter("{http://www.w3.org/2000/svg}text")]


def test_a_seat_has_its_phase_its_tokens_by_kind_and_its_dollars(tmp_path: Path) -> None:
    run = begun(tmp_path)
    ask(run, "stack-consultant")
    ask(run, "stack-consultant", task="Mend.")
    (found,) = costs.lines(run)
    assert (found.phase, found.seat, found.model) == ("consultants", "stack-consultant", SONNET)
    assert (found.calls, found.tries, found.seconds) == (2, 2, 4.0)
    assert found.usage == USAGE + USAGE
    assert found.dollars == pytest.approx(2 * PAID)
    assert found.shares["output"] == pytest.approx(0.2) and found.shares["searches"] == pytest.approx(0.04)


def test_phases_and_run_are_the_sum_of_their_seats_and_of_the_ledger(tmp_path: Path) -> None:
    run = begun(tmp_path)
    for seat in ("backend-consultant", "database-consultant", "backend-summary", "a-stranger"):
        ask(run, seat)
    known = costs.of(run)
    assert [(phase.name, phase.calls) for phase in known.phases] == [("consultants", 2), ("synthesis", 1), ("", 1)]
    assert known.total.dollars == pytest.approx(4 * PAID) == run.ledger.account.dollars
    assert known.total.usage.read + known.total.usage.output == run.ledger.account.input + run.ledger.account.output


def test_broken_tries_are_counted_and_paid_for_but_not_among_the_answers(tmp_path: Path) -> None:
    lost = Usage(input=1_000_000)
    run = begun(tmp_path, reply=Reply("text", SONNET, usage=USAGE, attempts=2, lost=lost))
    request = ask(run, "stack-consultant")
    Spool(run.store).lose(
        replace(request, seat="database-consultant", task="x"), 1, lost, "cut", "2026-11-21T00:00:00Z"
    )
    mine, other = line(run, "stack-consultant"), line(run, "database-consultant")
    assert (mine.broken, mine.tries, mine.usage, mine.lost) == (1, 2, USAGE, lost)
    assert mine.dollars == pytest.approx(PAID + 2)
    assert (other.calls, other.broken, other.tries, other.dollars) == (0, 1, 1, pytest.approx(2))
    total = costs.of(run).total
    assert (total.broken, total.lost_dollars) == (2, pytest.approx(4))
    assert total.dollars == pytest.approx(run.ledger.account.dollars)


def test_a_model_without_a_price_is_shown_in_tokens_and_the_total_says_what_is_missing(tmp_path: Path) -> None:
    run = begun(tmp_path)
    ask(run, "stack-consultant", "qwen3:8b")
    assert costs.of(run).total.dollars is None
    assert "tokens" in words(costs.picture(run))
    ask(run, "backend-consultant")
    known = costs.of(run)
    assert line(run, "stack-consultant").dollars is None
    assert known.total.without == ("stack-consultant",)
    assert known.total.dollars == pytest.approx(PAID)
    said = "\n".join(status.lines(status.facts(run)))
    assert "in tokens only, no price is known: stack-consultant" in said
    assert "20,000 tokens, no price known" in words(known.picture)


def test_a_seat_that_was_asked_by_two_models_names_both(tmp_path: Path) -> None:
    run = begun(tmp_path)
    ask(run, "stack-consultant")
    ask(run, "stack-consultant", "claude-opus-5-5")
    found = line(run, "stack-consultant")
    assert set(found.models) == {SONNET, "claude-opus-5-5"}
    assert found.dollars == pytest.approx(PAID + prices.cost("claude-opus-5-5", USAGE))


def test_the_estimate_is_kept_once_and_only_before_anything_is_asked(tmp_path: Path) -> None:
    run = begun(tmp_path)
    assert costs.ESTIMATE == forecast.NAME
    assert forecast.keep(run)
    kept = json.loads((run.folder / "estimate.json").read_text())
    assert kept == forecast.plan(run).estimate
    assert set(kept[0]) == {"phase", "seat", "document", "model", "read", "written", "dollars"}
    assert not forecast.keep(run)
    later = begun(tmp_path / "later")
    ask(later, "stack-consultant")
    assert not forecast.keep(later)
    assert costs.of(later).total.off is None


def test_an_offline_run_has_no_estimate_and_costs_nothing(tmp_path: Path) -> None:
    run = begun(tmp_path, "offline", Reply("text", "offline"))
    assert not forecast.keep(run)
    ask(run, "stack-consultant", "offline")
    assert costs.of(run).total.dollars == 0.0 and not costs.of(run).total.without
    assert str(costs.picture(run)) == "Nothing was spent: no model was asked."
    assert not [said for said in status.lines(status.facts(run)) if "expected" in said or "tokens:" in said]


def test_an_estimate_without_a_price_is_in_tokens(tmp_path: Path) -> None:
    run = begun(tmp_path, "qwen3:8b")
    assert {each["dollars"] for each in forecast.plan(run).estimate} == {None}
    assert forecast.plan(run).price == "no price is known for qwen3:8b"
    forecast.keep(run)
    ask(run, "stack-consultant", "qwen3:8b")
    found = line(run, "stack-consultant")
    assert found.expected is not None and found.expected.dollars is None
    assert found.off == pytest.approx(20_000 / (found.expected.read + found.expected.written))


def test_how_far_off_the_estimate_was_is_told_for_the_seats_that_have_both(tmp_path: Path) -> None:
    run = begun(tmp_path)
    forecast.keep(run)
    before = costs.of(run)
    assert before.total.off is None and before.total.expected == pytest.approx(forecast.plan(run).dollars, abs=1e-4)
    ask(run, "stack-consultant")
    ask(run, "a-stranger")
    then = line(run, "stack-consultant").expected
    assert then is not None and then.dollars is not None
    for each in (line(run, "stack-consultant"), costs.of(run).total):
        assert each.off == pytest.approx(PAID / then.dollars)
    assert line(run, "backend-consultant").off is None


def test_an_estimate_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    run = begun(tmp_path)
    for text in ("{", '[{"seat": "x"}]', "[1]"):
        (run.folder / "estimate.json").write_text(text)
        with pytest.raises(Damaged, match=r"estimate.json does not hold an estimate .*; restore it, or take it away"):
            costs.lines(run)


def test_one_seat_of_a_step_writes_the_cache_and_the_others_read_it(tmp_path: Path) -> None:
    (stage,) = (stage for stage in forecast.plan(begun(tmp_path)).stages if stage.gate == "consultants")
    first, *others = stage.calls
    assert [call.name for call in stage.calls] == [f"{name}-consultant" for name in FIVE]
    assert first.usage.cache_read == 0 and first.usage.cache_write + first.usage.cache_write_1h > 1_000
    for other in others:
        assert other.usage.cache_write == other.usage.cache_write_1h == 0
        assert other.usage.cache_read == first.usage.cache_write + first.usage.cache_write_1h
    assert sum(call.dollars for call in others) < 4 * first.dollars


@pytest.mark.parametrize(
    ("off", "said"),
    [(None, ""), (1.002, "as expected"), (1.18, "18 % more than expected"), (0.7, "30 % less than expected"),
     (2.44, "2.4 times what was expected"), (0.0, "100 % less than expected")],
)  # fmt: skip
def test_a_ratio_is_told_in_words(off: float | None, said: str) -> None:
    assert compared(off) == said


def test_the_table_has_a_row_a_seat_a_phase_and_the_run(tmp_path: Path) -> None:
    run = begun(tmp_path)
    forecast.keep(run)
    ask(run, "stack-consultant")
    ask(run, "database-consultant", "qwen3:8b")
    frame = tables.costs(run)
    assert list(frame.columns)[:4] == ["phase", "seat", "model", "input"]
    assert list(frame.columns)[-4:] == ["searches", "dollars", "expected", "off"]
    mine = frame[frame["seat"] == "stack-consultant"].iloc[0]
    assert (mine["cache write 1 h"], mine["output"], mine["searches"]) == (4_000, 10_000, 2)
    assert mine["dollars"] == pytest.approx(PAID, abs=1e-4)
    assert frame[frame["seat"] == "database-consultant"]["dollars"].isna().all()
    last = frame.iloc[-1]
    assert (last["phase"], last["input"]) == ("the run", 2_000)
    assert last["dollars"] == pytest.approx(PAID, abs=1e-4)


def test_a_run_that_asked_nobody_has_an_empty_table_of_sources_and_one_row_of_costs(tmp_path: Path) -> None:
    run = begun(tmp_path)
    assert len(tables.costs(run)) == 1
    assert list(tables.sources(run).columns) == ["id", "title", "url", "quoted", "accessed", "document"]
    assert tables.sources(run).empty


def test_the_sources_of_a_run_are_a_table(tmp_path: Path) -> None:
    from planning_kit.research import Sources

    run = begun(tmp_path)
    Sources(run.store).cited("06.md", [Source("S1", "https://a.example/x", "X", "it says so", "2026-11-21")])
    assert tables.sources(run).to_dict("records") == [
        {"id": "S1", "title": "X", "url": "https://a.example/x", "quoted": "it says so", "accessed": "2026-11-21", "document": "06.md"}
    ]  # fmt: skip


def test_status_tells_tokens_phases_broken_tries_the_estimate_and_what_is_damaged(tmp_path: Path) -> None:
    run = begun(tmp_path, reply=Reply("text", SONNET, usage=USAGE, lost=Usage(input=20_000)))
    forecast.keep(run)
    ask(run, "stack-consultant")
    request = ask(run, "database-consultant")
    path = run.folder / "calls" / request.digest[:2] / f"{request.digest}.json"
    path.write_text("{}")
    fresh = Run.open(run.folder)
    said = "\n".join(status.lines(status.facts(fresh)))
    assert (
        "tokens: 1,000 read fresh, 3,000 cached for 5 min, 4,000 cached for 1 h, 2,000 read from the cache, 10,000 written, 2 searches"
        in said
    )
    assert re.search(r"consultants: \$0\.\d\d, ", said)
    assert "1 try broken off, about $0.04 (20,000 tokens) that may have been billed" in said
    assert re.search(r"expected before the start: \$\d\.\d\d \(prices as of 20\d\d-\d\d-\d\d\); so far ", said)
    assert f"damaged, not used: calls/{request.digest[:2]}/{request.digest}.json" in said


def test_the_facts_keep_what_they_had_and_hold_the_whole_cost_as_plain_values(tmp_path: Path) -> None:
    run = begun(tmp_path)
    forecast.keep(run)
    ask(run, "stack-consultant")
    cost = json.loads(json.dumps(status.facts(run)))["cost"]
    assert cost["answers"] == 1 and cost["budget"] == 20.0 and cost["output_tokens"] == 10_000
    assert cost["input_tokens"] == 10_000 and cost["dollars"] == pytest.approx(PAID)
    assert cost["tokens"]["cache_write_1h"] == 4_000
    seats = {seat["seat"]: seat for seat in cost["seats"]}
    assert (
        seats["stack-consultant"]["off"]
        == cost["off"]
        == pytest.approx(PAID / seats["stack-consultant"]["expected"]["dollars"], abs=1e-5)
    )
    assert [phase["phase"] for phase in cost["phases"]][-1] == "synthesis"
    assert cost["damaged"] == [] and cost["broken"] == {"tries": 0, "tokens": 0, "dollars": 0.0}


def test_the_farewell_says_what_it_cost_and_how_far_off_the_estimate_was(tmp_path: Path) -> None:
    run = begun(tmp_path)
    forecast.keep(run)
    ask(run, "stack-consultant")
    (said,) = (said for said in progress.farewell(run) if said.startswith("  cost"))
    assert said.startswith(f"  cost       ${PAID:.2f} (1 answer by {SONNET}), ") and "expected" in said


def test_the_picture_has_a_bar_a_seat_and_says_its_figures(tmp_path: Path) -> None:
    run = begun(tmp_path)
    forecast.keep(run)
    for name in FIVE:
        ask(run, f"{name}-consultant")
    shown = costs.picture(run)
    there = words(shown)
    assert {f"{name}-consultant" for name in FIVE} <= set(there)
    assert {"US dollars", "read fresh", "written", "searches", "expected", "consultants", "not asked yet"} <= set(there)
    assert "broken off" not in there
    assert re.search(r"consultants, stack-consultant: \$0\.15, \d+ % (more|less) than expected", str(shown))
    assert "<script" not in shown.html and shown.html.count("<img") == 1


def test_bars_are_as_long_as_their_parts_and_end_where_the_mark_is() -> None:
    svg = bars.bars(
        [bars.Bar("g", "a", (1.0, 3.0), 4.0, "4"), bars.Bar("g", "b", (0.0, 2.0), None, "2")], ("x", "y"), "t", "n", "m"
    )
    boxes = [
        node.attrib
        for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}rect")
        if "stroke" in node.attrib
    ]
    x, y, second, *_ = ((float(box["x"]), float(box["width"]) + 1.5) for box in boxes)
    assert y[1] / x[1] == pytest.approx(3, rel=0.01) and y[0] == pytest.approx(x[0] + x[1], abs=0.1)
    assert second[1] / x[1] == pytest.approx(2, rel=0.01) and second[0] == x[0]
    assert not re.search(r"href|url\(|(?<!-)style=|<script|\bon\w+=", svg)


def test_every_edge_stands_out_from_white() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    svg = bars.bars([bars.Bar("g", "a", (1.0,) * 7, 1.0, "s")], tuple("abcdefg"), "t", "n", "m")
    edges = set(re.findall(r'stroke="(#\w{6})"', svg))
    assert len(edges) == 7
    assert all(1.05 / (luminance(edge) + 0.05) >= 3 for edge in edges)


def test_bars_without_anything_in_them_are_still_a_picture() -> None:
    for rows in ([], [bars.Bar("", "x" * 90, (0.0,), 0.0, "<nothing>")]):
        assert ElementTree.fromstring(bars.bars(rows, ("k",), "t", "n", "m")).get("width")
    with pytest.raises(ValueError, match="must have 2 parts"):
        bars.bars([bars.Bar("g", "a", (1.0,), None, "")], ("x", "y"), "t", "n", "m")

"""What a call costs, by a dated table; what a request usually and at worst comes to."""

from dataclasses import replace
from datetime import date

import pytest

from planning_kit import prices
from planning_kit.model import Material, Request, Turn, Usage, Web

REQUEST = Request(
    model="claude-sonnet-5-5",
    seat="api",
    feature="Forum",
    role="You design APIs.",
    materials=(Material("passage", "P1", "x" * 1_993_720),),
    task="Write the design.",
    outline=("Overview",),
    max_tokens=32_000,
)
NORMAL = replace(
    REQUEST, materials=(Material("passage", "P1", "x" * 45_000), Material("facts", "facts.yaml", "y" * 7_000))
)


def test_every_price_is_a_sum_of_money_and_the_table_has_a_date():
    assert date.fromisoformat(prices.as_of()) >= date(2026, 11, 20)
    for model in prices.known_models():
        known = prices.price(model)
        assert known is not None
        assert 0 < known.read < known.input < known.write_5m < known.write_1h < known.output


def test_an_answer_costs_what_its_kinds_of_tokens_and_its_searches_cost():
    usage = Usage(1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 5)
    assert prices.cost("claude-sonnet-5-5", usage) == pytest.approx(2 + 10 + 0.10 + 2.50 + 4 + 0.05)
    assert prices.cost("claude-opus-5-5", Usage(output=8_000)) == pytest.approx(0.16)


def test_what_was_paid_for_by_kind_comes_to_what_was_paid():
    usage = Usage(1_000, 2_000, 3_000, 4_000, 5_000, 6)
    shares = prices.shares("claude-sonnet-5-5", usage)
    assert set(shares) == set(prices.KINDS) and all(shares.values())
    assert shares["output"] == pytest.approx(0.02) and shares["searches"] == pytest.approx(0.06)
    assert sum(shares.values()) == pytest.approx(prices.cost("claude-sonnet-5-5", usage))
    assert set(prices.shares("qwen3:8b", usage).values()) == {0.0}


def test_a_dated_model_costs_what_its_name_costs():
    assert prices.price("claude-haiku-4-5-20251001") == prices.price("claude-haiku-4-5")


def test_a_long_prompt_costs_more_where_the_table_says_so():
    assert prices.cost("claude-haiku-5-5", Usage(input=100_000, output=1_000)) == pytest.approx(0.0105)
    assert prices.cost("claude-haiku-5-5", Usage(input=40_000, cache_read=60_001, output=1_000)) == pytest.approx(
        0.0200 + 0.00300005 + 0.0025
    )


def test_offline_and_local_models_cost_nothing_and_have_no_price():
    for model in ("offline", "qwen3:8b", ""):
        assert prices.price(model) is None
        assert prices.cost(model, Usage(input=10**9, output=10**9)) == 0.0
        assert prices.most(replace(REQUEST, model=model)) == 0.0


def test_the_worst_case_takes_every_second_byte_for_a_token_and_every_token_of_the_answer():
    assert prices.most(REQUEST) == pytest.approx(1.0 * 2.50 + 0.032 * 10, abs=0.001)
    korean = replace(REQUEST, materials=(Material("passage", "P1", "한" * (1_993_720 // 3)),))
    assert prices.most(korean) == pytest.approx(prices.most(REQUEST), abs=0.001)


def test_the_worst_case_is_written_to_the_cache_at_the_dearest_rate():
    assert prices.most(replace(REQUEST, lasting=True)) == pytest.approx(1.0 * 4 + 0.032 * 10, abs=0.001)


def test_the_worst_case_of_a_search_is_every_search_and_page_and_reading_it_all_again():
    more = prices.most(replace(NORMAL, web=Web(5))) - prices.most(NORMAL)
    brought = 10 * prices.LONGEST_PAGE * 2.50 / 1_000_000
    assert more > 5 * 0.01 + brought
    assert prices.most(replace(NORMAL, web=Web(5))) < 2


def test_the_default_budget_holds_five_seats_that_ask_at_once_each_of_them_continued():
    one = replace(NORMAL, lasting=True)
    assert 5 * prices.most(one) < 5
    so_far = (Turn("max_tokens", "w" * 4 * 32_000),) * 2
    assert 5 * prices.most(replace(one, turns=so_far)) < 20


def test_the_expected_cost_is_below_the_worst():
    for request in (REQUEST, NORMAL, replace(NORMAL, web=Web(5)), replace(NORMAL, lasting=True)):
        assert 0 < prices.expected(request) < prices.most(request)
    assert prices.expected(replace(REQUEST, max_tokens=100)) < prices.expected(REQUEST)


def test_the_first_seat_writes_the_shared_part_to_the_cache_and_the_next_reads_it():
    first, next_one = prices.usual(NORMAL), prices.usual(NORMAL, cached=True)
    assert first.cache_read == next_one.cache_write == 0
    assert (
        first.cache_write
        == next_one.cache_read
        == pytest.approx((45_000 + 7_000 + 2_300) / prices.USUAL_BYTES, rel=0.01)
    )
    assert first.input == next_one.input < 100
    assert prices.expected(NORMAL, cached=True) < prices.expected(NORMAL)


def test_what_lasts_for_the_run_is_kept_for_an_hour_and_the_rest_for_five_minutes():
    lasting = prices.usual(replace(NORMAL, lasting=True))
    assert lasting.cache_write_1h == pytest.approx((45_000 + 2_300) / prices.USUAL_BYTES, rel=0.01)
    assert lasting.cache_write == pytest.approx(7_000 / prices.USUAL_BYTES, rel=0.02)
    assert lasting.read == prices.usual(NORMAL).read


def test_a_short_prefix_is_not_cached_and_neither_is_one_for_a_server_nobody_knows():
    short = prices.usual(replace(NORMAL, materials=()), cached=True)
    local = prices.usual(replace(NORMAL, model="qwen3:8b", lasting=True), cached=True)
    for usage in (short, local):
        assert usage.cache_write == usage.cache_write_1h == usage.cache_read == 0
    assert local.read == prices.usual(NORMAL).read


def test_a_seat_that_may_search_is_expected_to_make_half_of_its_searches():
    usage = prices.usual(replace(NORMAL, web=Web(8)))
    assert usage.searches == 4
    assert usage.read == prices.usual(NORMAL).read + 4 * prices.USUAL_PAGE


def test_only_the_same_model_materials_and_tools_share_a_prefix():
    same = replace(
        NORMAL, seat="data", role="You design tables.", task="t", outline=(), remarks=("r",), draft="d", findings=("f",)
    )
    assert prices.prefix(same) == prices.prefix(NORMAL)
    for other in (
        replace(NORMAL, model="claude-opus-5-5"),
        replace(NORMAL, web=Web(3)),
        replace(NORMAL, schema="{}"),
        replace(NORMAL, effort="low"),
        replace(NORMAL, thinking="disabled"),
        replace(NORMAL, materials=NORMAL.materials[:1]),
    ):
        assert prices.prefix(other) != prices.prefix(NORMAL)


def test_whatever_is_added_to_a_request_raises_its_worst_case():
    for longer in (
        replace(REQUEST, draft="d" * 9_000),
        replace(REQUEST, remarks=("r" * 9_000,)),
        replace(REQUEST, findings=("f" * 9_000,)),
        replace(REQUEST, task="t" * 9_000),
        replace(REQUEST, role="o" * 9_000),
        replace(REQUEST, schema="s" * 9_000),
        replace(REQUEST, turns=(Turn("max_tokens", "w" * 9_000),)),
        replace(REQUEST, materials=(*REQUEST.materials, Material("document", "a.md", "m" * 9_000))),
        replace(REQUEST, materials=(*REQUEST.materials, Material("remark", "R1", "m" * 9_000))),
    ):
        assert prices.most(longer) >= prices.most(REQUEST) + 4_490 * 2.50 / 1_000_000

"""What a call costs, by a dated table."""

from dataclasses import replace
from datetime import date

import pytest

from planning_kit import prices
from planning_kit.model import Material, Request, Usage

REQUEST = Request(
    model="claude-sonnet-5-5",
    seat="api",
    feature="Forum",
    role="You design APIs.",
    materials=(Material("passage", "P1", "x" * 2_994_000),),
    task="Write the design.",
    outline=("Overview",),
    max_tokens=32_000,
)


def test_every_price_is_a_sum_of_money_and_the_table_has_a_date():
    assert date.fromisoformat(prices.as_of()) >= date(2026, 11, 20)
    for model in prices.known_models():
        known = prices.price(model)
        assert known is not None
        assert 0 < known.read < known.input < known.write_5m < known.write_1h < known.output


def test_an_answer_costs_what_its_four_kinds_of_tokens_cost():
    usage = Usage(input=1_000_000, output=1_000_000, cache_read=1_000_000, cache_write=1_000_000)
    assert prices.cost("claude-sonnet-5-5", usage) == pytest.approx(2 + 10 + 0.10 + 2.50)
    assert prices.cost("claude-opus-5-5", Usage(output=8_000)) == pytest.approx(0.16)


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


def test_the_worst_case_takes_every_third_byte_for_a_token_and_every_token_of_the_answer():
    assert prices.most(REQUEST) == pytest.approx(1.0 * 2.50 + 0.032 * 10, abs=0.001)
    korean = replace(REQUEST, materials=(Material("passage", "P1", "한" * 998_000),))
    assert prices.most(korean) == pytest.approx(prices.most(REQUEST), abs=0.001)


def test_the_expected_cost_is_below_the_worst():
    assert 0 < prices.expected(REQUEST) < prices.most(REQUEST)
    assert prices.expected(replace(REQUEST, max_tokens=100)) < prices.expected(REQUEST)


def test_whatever_is_added_to_a_request_raises_its_worst_case():
    for longer in (
        replace(REQUEST, draft="d" * 9_000),
        replace(REQUEST, remarks=("r" * 9_000,)),
        replace(REQUEST, findings=("f" * 9_000,)),
        replace(REQUEST, task="t" * 9_000),
        replace(REQUEST, role="o" * 9_000),
        replace(REQUEST, materials=(*REQUEST.materials, Material("document", "a.md", "m" * 9_000))),
    ):
        assert prices.most(longer) >= prices.most(REQUEST) + 2_990 * 2.50 / 1_000_000

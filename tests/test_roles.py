"""Who is asked as what: tiers give models, the more particular word wins, and a wrong word is answered with the right one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from planning_kit import prices, roles
from planning_kit.catalog import Catalog
from planning_kit.errors import CatalogRefused, Damaged, OptionRefused
from planning_kit.model import OFFLINE, Web
from planning_kit.recipe import Consultant, Phase, Recipe
from planning_kit.roles import Role, cast


def consultant(name: str, **said: object) -> Consultant:
    return Consultant(name=name, title=name, role="You.", writes=f"{name}.md", heading=name, **said)  # type: ignore[arg-type]


SECURITY = consultant("security-consultant", tier="strong", effort="xhigh", thinking="adaptive")
STACK = consultant("stack-consultant", web=True)
CLERK = consultant("clerk", tier="quick")
SEATS = ("security-consultant", "stack-consultant", "clerk")
RECIPE = Recipe(
    name="r",
    title="R",
    summary="r",
    documents="d",
    phases=(
        Phase(name="a", title="A", notebook="1_a", seats=SEATS[:2]),
        Phase(name="b", title="B", notebook="1_a", seats=SEATS[1:]),
    ),
)


class _Few(Catalog):
    consultants = {each.name: each for each in (SECURITY, STACK, CLERK)}


FEW = _Few({}, {})
STRONG, STANDARD, QUICK = (roles.tiers()[tier] for tier in ("strong", "standard", "quick"))


def models(said_model: str = "auto", recipe: Recipe = RECIPE, **settings: str) -> list[str]:
    """The model of each seat in order; ``__`` in a keyword is a dot, ``_`` a hyphen."""
    said = {key.replace("__", ".").replace("_", "-"): value for key, value in settings.items()}
    found = cast(recipe, FEW, said_model, said)
    assert tuple(found) == SEATS
    return [role.model for role in found.values()]


def test_every_tier_has_a_model_with_a_known_price() -> None:
    assert len({STRONG, STANDARD, QUICK}) == 3
    assert all(prices.price(model) for model in (STRONG, STANDARD, QUICK))
    assert prices.cost(STRONG, usage(1)) > prices.cost(STANDARD, usage(1)) > prices.cost(QUICK, usage(1)) > 0
    assert roles.as_of() >= "2026-11-21"


def usage(tokens: int):  # type: ignore[no-untyped-def]
    from planning_kit.model import Usage

    return Usage(input=tokens, output=tokens)


def test_a_seat_is_asked_by_its_own_tier_else_by_the_recipes() -> None:
    assert models() == [STRONG, STANDARD, QUICK]
    assert models(recipe=RECIPE.model_copy(update={"tier": "quick"})) == [STRONG, QUICK, QUICK]


def test_what_a_seat_is_told_by_name_wins_over_model_and_that_over_tiers() -> None:
    assert models("m-1") == ["m-1"] * 3
    assert models("strong") == [STRONG] * 3
    assert models("m-1", model__clerk="m-2") == ["m-1", "m-1", "m-2"]
    assert models("m-1", model__security_consultant="quick", model__clerk="auto") == [QUICK, "m-1", QUICK]


def test_offline_is_everybodys_unless_a_seat_is_told_otherwise() -> None:
    found = cast(RECIPE, FEW, OFFLINE, {"effort": "high"})
    assert set(found.values()) == {Role(OFFLINE)}
    assert models(OFFLINE, model__clerk="m-2") == [OFFLINE, OFFLINE, "m-2"]
    assert cast(RECIPE, FEW, "auto", {"model.stack-consultant": OFFLINE})["stack-consultant"] == Role(OFFLINE)


def test_effort_and_thinking_are_the_seats_else_everybodys_else_the_consultants() -> None:
    def ways(**settings: str) -> list[tuple[str, str]]:
        said = {key.replace("__", ".").replace("_", "-"): value for key, value in settings.items()}
        return [(role.effort, role.thinking) for role in cast(RECIPE, FEW, "auto", said).values()]

    assert ways() == [("xhigh", "adaptive"), ("", ""), ("", "")]
    assert ways(effort="low") == [("low", "adaptive"), ("low", ""), ("low", "")]
    assert ways(effort="low", effort__clerk="max") == [("low", "adaptive"), ("low", ""), ("max", "")]
    assert ways(thinking__security_consultant="disabled")[0] == ("xhigh", "disabled")
    said = {"thinking": "between-tools".replace("-", "_")}
    assert {role.thinking for role in cast(RECIPE, FEW, "auto", said).values()} == {"between_tools"}


def test_only_who_may_search_the_web_gets_leave_and_only_as_far_as_said() -> None:
    def leave(**said: str) -> list[Web | None]:
        found = cast(RECIPE, FEW, "auto", {f"web.{key}": value for key, value in said.items()})
        return [role.web for role in found.values()]

    assert leave() == [None, Web(roles.SEARCHES), None]
    assert leave(searches="0") == [None, None, None]
    assert leave(searches="3", domains="postgresql.org, docs.Python.org,postgresql.org") == [
        None, Web(3, ("postgresql.org", "docs.python.org")), None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        (
            "model.securty-consultant",
            "m",
            r"no such seat: 'model.securty-consultant'; did you mean 'security-consultant'\?",
        ),
        ("effort.clark", "low", r"no such seat: 'effort.clark'; did you mean 'clerk'\?"),
        ("effort", "hihg", r"--set effort=hihg: no such value; did you mean 'high'\?"),
        ("effort.clerk", "lw", r"--set effort.clerk=lw: no such value; did you mean 'low'\?"),
        ("thinking", "enabled", "--set thinking=enabled: no such value; did you mean 'disabled'"),
        ("lookup", "yes", "--set lookup=yes: no such value; there is auto, off, on"),
        ("web.search", "8", r"no such option: 'web.search'; did you mean 'web.searches'\?"),
        ("web.searches", "-1", "--set web.searches=-1: give a number from 0"),
        ("web.searches", "101", "give a number from 0 .* to 100"),
        ("web.searches", "٣", "give a number from 0"),
        ("web.searches", "9" * 5000, "give a number from 0"),
        ("web.domains", "https://a.example", "'https://a.example' is not a host name like 'postgresql.org'"),
        ("web.domains", "a.example,b", "'b' is not a host name"),
        ("model", "m-1", "for every seat write --model m-1; for one --set model.SEAT=m-1"),
        ("model.clerk", "", "--set model.clerk='': give a value without blanks"),
        ("fallback", "a b", "--set fallback='a b': give a value without blanks"),
    ],
)
def test_a_wrong_key_seat_or_value_is_one_line_with_the_right_one(key: str, value: str, says: str) -> None:
    with pytest.raises(OptionRefused, match=says) as refused:
        cast(RECIPE, FEW, "auto", {key: value})
    assert "\n" not in str(refused.value)


def test_what_is_not_general_is_left_to_the_recipe() -> None:
    assert roles.checked(RECIPE, {"depth": "2", "effort": "low"}) == {"effort": "low"}
    assert not roles.is_general("depth") and not roles.is_general("models.clerk")
    assert all(roles.is_general(key) for key in roles.general(RECIPE))


def test_package_indexes_are_asked_when_somebody_is_a_model_unless_said_otherwise() -> None:
    offline, mixed = {"a": Role(OFFLINE)}, {"a": Role(OFFLINE), "b": Role("m")}
    assert [roles.lookup(offline, {}), roles.lookup(mixed, {})] == [False, True]
    assert [roles.lookup(offline, {"lookup": "on"}), roles.lookup(mixed, {"lookup": "off"})] == [True, False]


def test_a_fallback_may_be_named_by_its_tier() -> None:
    assert [roles.fallback({}), roles.fallback({"fallback": "m"}), roles.fallback({"fallback": "strong"})] == [
        "",
        "m",
        STRONG,
    ]


def test_on_bedrock_the_tiers_models_are_called_as_bedrock_calls_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNING_KIT_PLATFORM", "bedrock")
    assert models() == [f"anthropic.{name}" for name in (STRONG, STANDARD, QUICK)]
    assert models("m-1") == ["m-1"] * 3


def test_a_role_is_kept_and_read_again() -> None:
    for role in (Role(OFFLINE), Role("m", "high", "adaptive", Web(3, ("a.example",)))):
        assert Role.of(role.facts) == role
        assert Role.of(replace(role, effort="low").facts) != role
    for wrong in (None, [], {"a": {}}, {"a": {**Role("m").facts, "web": {"searches": 1}}}):
        with pytest.raises(Damaged, match="run.json does not say how its seats are asked"):
            roles.kept_roles(wrong, "run.json")


def test_models_are_named_in_words() -> None:
    assert [roles.phrase(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "offline",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("field", "wrong"), [("tier", "best"), ("effort", "hard"), ("thinking", "enabled"), ("web", "perhaps")]
)
def test_a_consultant_that_asks_for_what_there_is_not_is_refused_with_its_line(
    tmp_path: Path, field: str, wrong: str
) -> None:
    text = f"---\ntitle: A\nrole: You.\nwrites: a.md\nheading: A\nsections: [A]\n{field}: {wrong}\n---\nWrite.\n"
    (tmp_path / "a.md").write_text(text)
    with pytest.raises(CatalogRefused, match=rf"a\.md:7: {field}: "):
        Catalog.read(tmp_path)

"""The models the loopback server lists, what it counts, and how it behaves as a local server."""

import http.client

import anthropic
import pytest

from planning_kit import prices
from planning_kit.loopback import Loopback

ASK = {"model": "claude-opus-5-5", "max_tokens": 9, "messages": [{"role": "user", "content": "x" * 40}]}


def speaking(server: Loopback) -> anthropic.Anthropic:
    return anthropic.Anthropic(base_url=server.url, api_key="k", max_retries=0)


def test_the_models_with_a_price_are_listed_as_the_sdk_reads_them():
    with Loopback() as server, speaking(server) as client:
        listed = list(client.models.list(limit=5))
        assert [model.id for model in listed] == list(prices.known_models())
        assert len(server.others) == -(-len(listed) // 5) and server.requests == []
        opus = client.models.retrieve("claude-opus-5-5")
        haiku = client.models.retrieve("claude-haiku-4-5-20251001")
    assert (opus.display_name, opus.lifecycle, opus.line, opus.max_input_tokens) == (
        "Claude Opus 5.5", "active", "opus", 1_000_000,
    )  # fmt: skip
    able = opus.capabilities
    assert able.structured_outputs.supported and able.server_tools.web_search.supported and able.batch.supported
    assert able.citations.supported and able.effort.supported and able.effort.xhigh.supported
    assert able.thinking.types.adaptive.supported and not able.thinking.types.disabled.supported
    assert haiku.max_input_tokens == 200_000 and not haiku.capabilities.effort.supported
    assert haiku.capabilities.thinking.types.enabled.supported


def test_every_listed_model_has_every_field_the_sdk_knows():
    with Loopback() as server, speaking(server) as client:
        for model in client.models.list():
            anthropic.types.ModelInfo.model_validate(model.model_dump(), strict=True)


def test_a_model_that_is_not_listed_is_unknown_only_where_that_was_wanted():
    with Loopback(models=["llama"]) as server, speaking(server) as client:
        assert client.messages.create(**ASK).stop_reason == "end_turn"
        with pytest.raises(anthropic.NotFoundError, match="model: claude-opus-5-5"):
            client.models.retrieve("claude-opus-5-5")
    with Loopback(models=["llama"], strict_models=True) as server, speaking(server) as client:
        with pytest.raises(anthropic.NotFoundError, match="model: claude-opus-5-5"):
            client.messages.create(**ASK)
        assert client.messages.create(**{**ASK, "model": "llama"}).model == "llama"


def test_an_empty_list_is_a_server_without_one():
    with Loopback(models=()) as server, speaking(server) as client, pytest.raises(anthropic.NotFoundError):
        client.models.list()


def test_models_are_listed_to_nobody_without_a_key_and_in_pages_of_a_sensible_size():
    with Loopback() as server:
        with speaking(server) as client, pytest.raises(anthropic.BadRequestError, match="limit"):
            client.models.list(limit=0)
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
        connection.request("GET", "/v1/models")
        assert connection.getresponse().status == 401
        connection.close()


def test_tokens_are_counted_without_being_billed():
    with Loopback() as server, speaking(server) as client:
        counted = client.messages.count_tokens(model=ASK["model"], messages=ASK["messages"], system="y" * 400)
        assert counted.input_tokens == 110
        assert (server.billed, server.requests, len(server.others)) == ((), [], 1)


def test_a_local_server_lists_names_only_and_has_no_cache_and_no_token_count():
    marked = [{"type": "text", "text": "x" * 8_000, "cache_control": {"type": "ephemeral"}}]
    with Loopback(plain=True, models=["llama", "qwen"]) as server, speaking(server) as client:
        listed = list(client.models.list())
        assert [(model.id, model.capabilities) for model in listed] == [("llama", None), ("qwen", None)]
        assert "object" in listed[0].model_dump()
        usages = [client.messages.create(**ASK, system=marked).usage for _ in range(2)]
        assert {usage.input_tokens for usage in usages} == {2_010}
        assert {usage.cache_read_input_tokens for usage in usages} == {None}
        assert {usage.cache_creation_input_tokens for usage in usages} == {None}
        with pytest.raises(anthropic.NotFoundError):
            client.messages.count_tokens(model=ASK["model"], messages=ASK["messages"])
        assert [entry.usage.input for entry in server.billed] == [2_010, 2_010]


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ({"output_config": {"format": {"type": "json_schema", "schema": {}}}}, "output_config.format"),
        ({"output_config": {"effort": "low"}}, "output_config"),
        ({"thinking": {"type": "adaptive"}}, "thinking"),
        ({"tools": [{"type": "web_search_20260318", "name": "web_search"}]}, "tools.0.type"),
        ({"messages": [{"role": "user", "content": [{"type": "document", "source": {}}]}]}, "'document'"),
    ],
)
def test_a_local_server_refuses_what_it_does_not_know(extra, named):
    with Loopback(plain=True) as server, speaking(server) as client:
        with pytest.raises(anthropic.BadRequestError, match=named):
            client.messages.create(**{**ASK, **extra})
        assert server.requests == [] and len(server.others) == 1

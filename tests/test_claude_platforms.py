"""Claude on other platforms: the SDK's own client, found by one variable, and one clear line for what is missing."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

from planning_kit import claude
from planning_kit.claude import abilities, platforms
from planning_kit.claude.platforms import connect
from planning_kit.errors import BadInput
from planning_kit.loopback import Loopback

PLATFORM = "PLANNING_KIT_PLATFORM"
KEY = "abcd-efgh-0123456789"


@dataclass(frozen=True)
class Waits:
    connection: float = 5.0
    byte: float = 20.0


@pytest.fixture(autouse=True)
def _no_clouds(monkeypatch: pytest.MonkeyPatch) -> None:
    for known in platforms.PLATFORMS.values():
        for name in (known.base, *known.place, *known.keys, *known.needs):
            monkeypatch.delenv(name, raising=False)


def said(connection: platforms.Connection) -> str:
    """What the server answers to a plain message, as the SDK parses it."""
    message = connection.client.messages.create(
        model="claude-sonnet-5-5", max_tokens=100, messages=[{"role": "user", "content": "Hello"}]
    )
    connection.client.close()
    return str(message.content[0].text)


def test_without_a_platform_the_api_is_asked_with_the_key_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback(reply=lambda _: "yes") as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        connection = connect(None, None, Waits())
        assert said(connection) == "yes"
        assert (connection.host, connection.proxy) == (server.url.removeprefix("http://"), "")
        assert connection.credential.origin == "ANTHROPIC_API_KEY"
        assert connection.client.max_retries == 0 and not connection.client._client.follow_redirects
        assert KEY not in repr(connection)
    assert [KEY in value for value in server.requests[0].headers.values()].count(True) == 1


def test_a_token_goes_out_as_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback(reply=lambda _: "yes") as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", KEY)
        assert said(connect(None, None, Waits())) == "yes"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert "x-api-key" not in server.requests[0].headers


def test_foundry_is_asked_with_its_own_key_at_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback(reply=lambda _: "yes") as server:
        monkeypatch.setenv(PLATFORM, "Foundry")
        monkeypatch.setenv("ANTHROPIC_FOUNDRY_BASE_URL", f"{server.url}/")
        monkeypatch.setenv("ANTHROPIC_FOUNDRY_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "not-this-one")
        connection = connect(None, None, Waits())
        assert type(connection.client).__name__ == "AnthropicFoundry"
        assert said(connection) == "yes"
        assert claude.server() == connection.host == server.url.removeprefix("http://")
        found = abilities.ask()
        assert found is not None and found.models is None and found.host == connection.host
    heard = " ".join(server.requests[0].headers.values())
    assert KEY in heard and "not-this-one" not in heard
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("name", "client", "variables", "host", "origin"),
    [
        ("foundry", "AnthropicFoundry", {"ANTHROPIC_FOUNDRY_RESOURCE": "my-res", "ANTHROPIC_FOUNDRY_API_KEY": KEY},
         "my-res.services.ai.azure.com", "ANTHROPIC_FOUNDRY_API_KEY"),
        ("bedrock", "AnthropicBedrockMantle", {"AWS_REGION": "eu-central-1", "AWS_BEARER_TOKEN_BEDROCK": KEY},
         "bedrock-mantle.eu-central-1.api.aws", "AWS_BEARER_TOKEN_BEDROCK"),
        ("bedrock", "AnthropicBedrockMantle",
         {"AWS_DEFAULT_REGION": "us-east-1", "ANTHROPIC_AWS_API_KEY": KEY, "ANTHROPIC_BEDROCK_MANTLE_BASE_URL": "https://gate.example/x"},
         "gate.example", "ANTHROPIC_AWS_API_KEY"),
        ("aws", "AnthropicAWS", {"AWS_REGION": "us-west-2", "ANTHROPIC_AWS_API_KEY": KEY, "ANTHROPIC_AWS_WORKSPACE_ID": "w"},
         "aws-external-anthropic.us-west-2.api.aws", "ANTHROPIC_AWS_API_KEY"),
    ],
)  # fmt: skip
def test_each_platform_is_the_sdks_own_client(
    name: str, client: str, variables: dict[str, str], host: str, origin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in {PLATFORM: name, **variables}.items():
        monkeypatch.setenv(variable, value)
    connection = connect(None, None, Waits())
    assert type(connection.client).__name__ == client
    assert (connection.client.max_retries, connection.client._client.follow_redirects) == (0, False)
    assert connection.host == claude.server() == host and host in str(connection.client.base_url)
    assert connection.credential.origin == claude.credentials() == origin and connection.credential.value == KEY
    assert KEY not in repr(connection) and not claude.is_anthropic()
    connection.client.close()


def test_vertex_finds_its_address_by_region_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PLATFORM, "vertex")
    for region, host in {
        "global": "aiplatform.googleapis.com",
        "eu": "aiplatform.eu.rep.googleapis.com",
        "us-east5": "us-east5-aiplatform.googleapis.com",
    }.items():
        monkeypatch.setenv("CLOUD_ML_REGION", region)
        assert claude.server() == host
    assert claude.credentials() == PLATFORM
    monkeypatch.setitem(sys.modules, "google", None)
    with pytest.raises(BadInput, match=r'Google Vertex AI needs google\.auth: pip install "planning-kit\[vertex\]"$'):
        claude.credential()


def test_vertex_is_the_sdks_own_client_once_its_library_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PLATFORM, "vertex")
    monkeypatch.setenv("CLOUD_ML_REGION", "europe-west1")
    for name in ("google", "google.auth", "google.auth.exceptions"):
        module = ModuleType(name)
        module.__spec__ = ModuleSpec(name, None, is_package=True)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(sys.modules["google.auth.exceptions"], "GoogleAuthError", EOFError, raising=False)
    connection = connect(None, None, Waits())
    assert type(connection.client).__name__ == "AnthropicVertex"
    assert (connection.host, connection.credential.value) == ("europe-west1-aiplatform.googleapis.com", "")
    assert EOFError in connection.failures
    connection.client.close()


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({PLATFORM: "bedrok"}, r"PLANNING_KIT_PLATFORM: no such platform: 'bedrok'; did you mean 'bedrock'\?"),
        ({PLATFORM: "bedrock"}, "Amazon Bedrock needs AWS_REGION or AWS_DEFAULT_REGION or ANTHROPIC_BEDROCK_MANTLE_BASE_URL"),
        ({PLATFORM: "foundry"}, "Microsoft Foundry needs ANTHROPIC_FOUNDRY_RESOURCE or ANTHROPIC_FOUNDRY_BASE_URL"),
        ({PLATFORM: "foundry", "ANTHROPIC_FOUNDRY_RESOURCE": "x"}, "Microsoft Foundry needs a key: set ANTHROPIC_FOUNDRY_API_KEY"),
        ({PLATFORM: "foundry", "ANTHROPIC_FOUNDRY_RESOURCE": "x.evil.example/"}, "ANTHROPIC_FOUNDRY_RESOURCE has other characters"),
        ({PLATFORM: "foundry", "ANTHROPIC_FOUNDRY_BASE_URL": "http://x.example"}, "ANTHROPIC_FOUNDRY_BASE_URL is plain http"),
        ({PLATFORM: "vertex"}, "Google Vertex AI needs CLOUD_ML_REGION"),
        ({PLATFORM: "vertex", "ANTHROPIC_VERTEX_BASE_URL": "https://x.example/v1"}, "Google Vertex AI needs CLOUD_ML_REGION"),
        ({PLATFORM: "aws", "AWS_REGION": "us-east-1"}, "Claude on AWS needs ANTHROPIC_AWS_WORKSPACE_ID: set it, or unset PLANNING"),
        ({PLATFORM: "foundry", "ANTHROPIC_FOUNDRY_RESOURCE": "x", "ANTHROPIC_FOUNDRY_API_KEY": "hunter2 two"}, "_API_KEY has blanks"),
    ],
)  # fmt: skip
def test_what_is_missing_is_one_line_that_names_it(
    variables: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(BadInput, match=says) as refused:
        connect(None, None, Waits())
    assert "\n" not in str(refused.value) and "hunter2" not in str(refused.value)
    with pytest.raises(BadInput, match=says):
        claude.credential()


def test_bedrock_without_a_key_needs_the_library_that_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PLATFORM, "bedrock")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(
        BadInput, match=r'needs boto3: pip install "planning-kit\[bedrock\]", or set AWS_BEARER_TOKEN_BEDROCK'
    ):
        connect(None, None, Waits())


def test_an_address_given_by_hand_asks_no_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PLATFORM, "foundry")
    with Loopback(reply=lambda _: "yes") as server:
        connection = connect(server.url, KEY, Waits())
        assert type(connection.client).__name__ == "Anthropic"
        assert said(connection) == "yes"

"""Where Claude is asked, and with whose credential: bad addresses are refused before anything is sent."""

import pytest

from planning_kit import claude
from planning_kit.claude import Patience, address
from planning_kit.claude.platforms import connect
from planning_kit.errors import BadInput


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in (
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
        "ANTHROPIC_BASE_URL",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://api.anthropic.com/v1", "ends in /v1, which is added by itself; use https://api.anthropic.com"),
        ("https://gateway.example/claude/v1/", "use https://gateway.example/claude"),
        ("http://127.0.0.1:8080/v1", "use http://127.0.0.1:8080"),
        ("http://api.anthropic.com", "plain http to api.anthropic.com"),
        ("http://192.168.1.5:11434", "plain http to 192.168.1.5:11434"),
        ("http://localhost.example.com", "plain http to localhost.example.com"),
        ("http://0.0.0.0:4000", "plain http to 0.0.0.0:4000"),
        ("ftp://api.anthropic.com", "not an http or https address"),
        ("api.anthropic.com", "not an http or https address"),
        ("https://", "not an http or https address"),
        ("https://exa mple.com", "not an http or https address"),
        ("https://host:port", "not an address"),
        ("https://[::1", "not an address"),
        ("https://user:hunter2@host.example/x", "use https://host.example/x"),
        ("https://host.example/?key=hunter2", "more than scheme, host and path"),
    ],
)
def test_an_address_that_would_not_do_is_refused_with_what_to_use(url, words, monkeypatch):
    with pytest.raises(BadInput) as refused:
        connect(url, "k", Patience())
    assert words in str(refused.value) and "hunter2" not in str(refused.value)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
    with pytest.raises(BadInput):
        claude.check_server()


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("", "api.anthropic.com"),
        ("  ", "api.anthropic.com"),
        ("https://api.anthropic.com/", "api.anthropic.com"),
        ("http://localhost:11434", "localhost:11434"),
        ("http://127.8.9.1:1/", "127.8.9.1:1"),
        ("http://[::1]:8080", "[::1]:8080"),
        ("https://gateway.example/claude", "gateway.example"),
    ],
)
def test_the_server_is_named_by_its_host(url, host, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
    claude.check_server()
    assert claude.server() == host
    assert claude.is_anthropic() is (host == "api.anthropic.com")


def test_the_first_variable_that_is_set_holds_the_credential(monkeypatch):
    assert claude.credentials() is None
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "token")
    assert claude.credentials() == "ANTHROPIC_AUTH_TOKEN"
    monkeypatch.setenv("ANTHROPIC_API_KEY", " \n")
    assert claude.credentials() == "ANTHROPIC_AUTH_TOKEN"
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key")
    assert claude.credentials() == "ANTHROPIC_API_KEY"


def test_a_missing_credential_says_what_to_set():
    with pytest.raises(BadInput, match="set ANTHROPIC_API_KEY"):
        connect(None, None, Patience())
    with pytest.raises(BadInput, match="set ANTHROPIC_API_KEY"):
        connect(None, "  ", Patience())


@pytest.mark.parametrize("value", ["sk-ant-one two", "sk-ant-one\ntwo", "sk-ant-“quoted”"])
def test_a_credential_no_header_can_carry_is_refused_without_repeating_it(value, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", value)
    with pytest.raises(BadInput, match="ANTHROPIC_API_KEY has blanks") as refused:
        connect(None, None, Patience())
    assert value not in str(refused.value)
    assert value not in repr(address.Credential("api_key", "x", value))


def test_a_proxy_is_named_by_host_and_port_only(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hunter2@proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert address.proxy("https://api.anthropic.com") == "proxy.example:3128"
    assert address.proxy("https://127.0.0.1:99") == ""

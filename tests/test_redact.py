"""Secrets are recognised in text and in serialized JSON, and ordinary text is left as it is."""

import json
import time

import pytest

from planning_kit.redact import looks_secret, redact

LETTERS = "q7Rt2Vw9Xz4Bn6Mk1Lp8Sd3Fg5Hj0QaWsEdRfTgYhUjIkOlPzXcVbNm"
SECRETS = {
    "anthropic-key": "sk-ant-api03-" + LETTERS[:40],
    "openai-key": "sk-proj-" + LETTERS[:40],
    "github-token": "ghp_" + LETTERS[:36],
    "gitlab-token": "glpat-" + LETTERS[:20],
    "aws-key": "AKIA" + "Q7RT2VW9XZ4BN6MK",
    "google-key": "AIza" + LETTERS[:35],
    "slack-token": "xoxb-1234567890-" + LETTERS[:24],
    "stripe-key": "sk_live_" + LETTERS[:24],
    "package-token": "hf_" + LETTERS[:34],
    "sendgrid-key": "SG." + LETTERS[:22] + "." + LETTERS[:43],
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
}
PRIVATE_KEY = (
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n"
    + "\n".join([LETTERS, LETTERS[::-1], LETTERS])
    + "\n-----END RSA PRIVATE KEY-----"
)


@pytest.mark.parametrize(("kind", "secret"), SECRETS.items(), ids=list(SECRETS))
def test_a_secret_is_replaced_by_its_kind_wherever_it_stands(kind, secret):
    assert redact(f"key = '{secret}', kept") == f"key = '[REDACTED:{kind}]', kept"
    assert redact(f"first line\n{secret}\nlast line") == f"first line\n[REDACTED:{kind}]\nlast line"


@pytest.mark.parametrize(("kind", "secret"), SECRETS.items(), ids=list(SECRETS))
def test_a_secret_is_replaced_in_serialized_json_and_it_stays_json(kind, secret):
    notebook = json.dumps({"cells": [{"source": [f"é\n{secret}\n", f"\t{secret}"], "text": f"a\n{secret}"}]})
    clean = redact(notebook)
    assert secret not in clean
    assert json.loads(clean)["cells"][0]["text"] == f"a\n[REDACTED:{kind}]"


def test_an_amazon_secret_is_found_beside_its_key_and_by_its_name():
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ8sT2uVwX"
    assert redact(f"AKIAQ7RT2VW9XZ4BN6MK,{secret}") == "[REDACTED:aws-key],[REDACTED:aws-secret]"
    assert redact(f"aws_secret_access_key = {secret}") == "aws_secret_access_key = [REDACTED:aws-secret]"
    named = json.dumps({"SecretAccessKey": secret})
    assert json.loads(redact(named)) == {"SecretAccessKey": "[REDACTED:aws-secret]"}


def test_a_private_key_goes_as_a_whole_also_split_over_the_lines_of_a_notebook():
    assert redact(f"before\n{PRIVATE_KEY}\nafter") == "before\n[REDACTED:private-key]\nafter"
    notebook = json.dumps({"source": f"before\n{PRIVATE_KEY}\nafter".splitlines(keepends=True)}, indent=1)
    assert json.loads(redact(notebook)) == {"source": ["before\n", "[REDACTED:private-key]\n", "after"]}


def test_a_private_key_that_was_cut_off_goes_too():
    assert redact(PRIVATE_KEY[:150]) == "[REDACTED:private-key]"
    assert redact(json.dumps({"a": PRIVATE_KEY[:150], "b": 1})) == '{"a": "[REDACTED:private-key]", "b": 1}'
    lines = json.dumps({"source": PRIVATE_KEY[:150].splitlines(keepends=True), "averyveryverylongname": "x"}, indent=1)
    assert json.loads(redact(lines)) == {"source": ["[REDACTED:private-key]"], "averyveryverylongname": "x"}


def test_bearer_values_and_passwords_in_addresses_go_and_the_words_around_them_stay():
    assert redact(f"Authorization: Bearer {LETTERS}") == "Authorization: Bearer [REDACTED:bearer-token]"
    assert redact("postgres://app:h0rse-staple@db/forum") == "postgres://app:[REDACTED:password]@db/forum"


@pytest.mark.parametrize(
    "text",
    [
        "Bearer authentication-and-authorization is required (RFC 6750).",
        "securitySchemes:\n  bearerAuth:\n    type: http\n    scheme: bearer\n    bearerFormat: JWT",
        "A file that starts with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE KEY----- is refused.",
        "max_tokens=32000; the task-ant-colony-optimisation; see https://example.org:8443/a@b",
        "password: string, at least 12 characters; api_key: uuid",
        "sk-learn-compatible-estimators-with-hyphens and AKIA alone and eyJ alone",
    ],
)
def test_prose_about_secrets_is_left_as_it_is(text):
    assert redact(text) == text


def test_a_key_in_use_goes_in_every_spelling():
    key = 'my "local" key/é'
    text = f"plain {key}; json {json.dumps(key)}; address my%20%22local%22%20key%2F%C3%A9"
    clean = redact(text, also=[key])
    assert clean == 'plain [REDACTED:key-in-use]; json "[REDACTED:key-in-use]"; address [REDACTED:key-in-use]'


def test_a_short_or_blank_literal_does_not_garble_the_text():
    assert redact("ollama serves a key", also=["", "  ", "key", "ollama"]) == "ollama serves a key"


def test_redacting_twice_changes_nothing_more():
    once = redact("\n".join([*SECRETS.values(), PRIVATE_KEY, f"Bearer {LETTERS}"]))
    assert redact(once) == once


@pytest.mark.parametrize(
    "piece",
    [
        "eyJ",
        "sk-",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAA",
        "bearer ",
        "a://a:a",
    ],
    ids=["jwt", "key", "begin", "begun", "bearer", "address"],
)
def test_the_time_grows_with_the_length_of_the_text_and_no_faster(piece):
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        started = time.process_time()
        redact(text)
        return time.process_time() - started

    seconds(1_000)
    assert seconds(800_000) < 40 * max(seconds(80_000), 0.01)


@pytest.mark.parametrize(
    "name",
    [
        "api_key",
        "apikey",
        "ANTHROPIC_API_KEY",
        "githubToken",
        "token",
        "DB_PASSWORD",
        "DB_PWD",
        "client-secret",
        "privateKey",
        "auth_tokens",
    ],
)
def test_a_name_that_promises_a_secret_is_enough(name):
    assert looks_secret(name, "x")


@pytest.mark.parametrize(
    "name",
    [
        "max_tokens",
        "token_budget",
        "reviewer",
        "author",
        "keyboard",
        "key",
        "budget",
        "brief",
        "primary_key",
        "PWD",
        "GPG_KEY",
        "SSH_AUTH_SOCK",
    ],
)
def test_an_ordinary_name_with_an_ordinary_value_is_no_secret(name):
    assert not looks_secret(name, "12000")


def test_a_value_shaped_like_a_secret_is_enough():
    assert looks_secret("note", f"use {SECRETS['anthropic-key']} for now")

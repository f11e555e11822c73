"""Secrets are recognised in text and in serialized JSON, and ordinary text is left as it is."""

import json
import time

import pytest

from planning_kit.codebase import assignments
from planning_kit.redact import counted, looks_secret, redact

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


FURTHER = {
    "github-token": ["gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    "gitlab-token": ["gldt-", "glrt-", "glptt-", "glcbt-"],
    "openai-key": ["sk-", "sk-svcacct-", "sk-admin-", "sk-or-v1-"],
    "google-key": ["GOCSPX-", "ya29."],
    "slack-token": ["xoxa-", "xoxp-", "xapp-"],
    "stripe-key": ["rk_live_", "sk_test_", "rk_test_", "whsec_"],
    "package-token": ["npm_", "pypi-"],
}


@pytest.mark.parametrize(("kind", "prefix"), [(kind, each) for kind, prefixes in FURTHER.items() for each in prefixes])
def test_the_quick_look_before_the_search_overlooks_no_prefix(kind, prefix):
    assert redact(f"x {prefix}{LETTERS[:48]} y") == f"x [REDACTED:{kind}] y"


@pytest.mark.parametrize("word", ["Bearer", "BEARER", "bearer", "bEaReR"])
def test_the_quick_look_does_not_mind_capitals(word):
    assert redact(f"{word} {LETTERS}") == f"{word} [REDACTED:bearer-token]"
    assert redact("AWS_SECRET_ACCESS_KEY=" + "aB3/" * 10) == "AWS_SECRET_ACCESS_KEY=[REDACTED:aws-secret]"
    assert redact("secretaccesskey: " + "aB3/" * 10) == "secretaccesskey: [REDACTED:aws-secret]"


def test_what_was_replaced_is_counted_by_kind_and_lines_stay_in_their_places():
    key = SECRETS["anthropic-key"]
    text = f"{key}\n[REDACTED:jwt] stood here\n{PRIVATE_KEY}\n{key} {SECRETS['jwt']}\nlast"
    clean, kinds = counted(text)
    assert kinds == {"anthropic-key": 2, "jwt": 1, "private-key": 1}
    assert [line for line in clean.split("\n") if line] == [
        "[REDACTED:anthropic-key]",
        "[REDACTED:jwt] stood here",
        "[REDACTED:private-key]",
        "[REDACTED:anthropic-key] [REDACTED:jwt]",
        "last",
    ]
    assert clean.split("\n").index("last") == text.split("\n").index("last")


def test_nothing_is_counted_where_nothing_was_replaced():
    assert counted("password: string\n") == ("password: string\n", {})


WORD = "zx81-Rules"
TOKEN = "9d8f7a6b5c4d3e2f"
ASSIGNED = [
    ("a.py", f'password = "{WORD}"'),
    ("a.py", f'password: str = "{WORD}"'),
    ("a.py", f"DATABASES = {{'default': {{'PASSWORD': '{WORD}', 'USER': 'x'}}}}"),
    ("a.py", f'login(username="x", password="{WORD}")'),
    ("a.py", f'os.environ["API_KEY"] = "{TOKEN}"'),
    ("a.py", f'SECRET = os.getenv("SECRET_KEY", "{WORD}")'),
    ("a.py", f"EMAIL_HOST_PASSWORD = '{WORD}'"),
    ("a.py", f'json = "{{\\"password\\": \\"{WORD}\\"}}"'),
    ("a.ts", f"const cfg = {{ user: 'sa', pass: `{WORD}`, apiKey: '{TOKEN}' }}"),
    ("a.go", f'cfg := Config{{Password: "{WORD}", APIKey: "{TOKEN}"}}'),
    ("a.go", f'var token string = "{TOKEN}"'),
    ("a.rs", f'const API_KEY: &str = "{TOKEN}";'),
    ("a.kt", f'val apiKey: String = "{TOKEN}"'),
    ("a.java", f'private static final String PASSWORD = "{WORD}"; ds.setPassword("{WORD}");'),
    ("a.java", f'@Value("${{db.password:{WORD}}}") String password;'),
    ("a.rb", f"h = {{ :password => '{WORD}', secret_key_base: '{TOKEN}' }}"),
    ("a.php", f"define('DB_PASSWORD', '{WORD}'); $config['db_password'] = '{WORD}';"),
    ("a.php", f"putenv('API_SECRET={TOKEN}');"),
    ("a.ex", f'config :shop, Shop.Repo, username: "postgres", password: "{WORD}"'),
    ("a.tf", f'  password = "{WORD}"'),
    ("a.sql", f"CREATE USER app WITH ENCRYPTED PASSWORD '{WORD}'; CREATE USER b IDENTIFIED BY '{WORD}';"),
    (
        "web.config",
        f'<add connectionString="Data Source=db;User ID=sa;Password={WORD}" /><add key="ApiKey" value="{TOKEN}"/>',
    ),
    ("a.xml", f'<password>{WORD}</password><property name="connection.password">{WORD}</property>'),
    ("a.json", f'{{"clientSecret":"{TOKEN}","refresh_token" : "{TOKEN}"}}'),
    ("a.http", "Authorization: Basic YWRtaW46engtODEtUnVsZXM="),
    ("a.yml", f"password: {WORD}  # of the database"),
    ("a.yml", f'  - POSTGRES_PASSWORD={WORD}\n  MINIO_SECRET_KEY: {TOKEN}\n  password: "{WORD}"'),
    ("a.yml", f"- name: DB_PASSWORD\n  value: {WORD}"),
    ("a.yml", f"    password: ${{DB_PASSWORD:-{WORD}}}"),
    ("a.properties", f"spring.datasource.password={WORD}"),
    ("a.ini", f"password = {WORD} ; a note"),
    (".env.example", f"DB_PASS={WORD}\nexport API_KEY={TOKEN}"),
    ("Dockerfile", f"ENV API_TOKEN={TOKEN} LOG=1"),
    ("Makefile", f"\tDEPLOY_TOKEN={TOKEN} ./deploy"),
    ("run.sh", f"psql --password={WORD} -h db; mysql --password {WORD}; curl -H 'X-Api-Key: {TOKEN}' https://x"),
    ("README.md", f"Run `API_TOKEN={TOKEN} make`, or set `password: {WORD}`."),
]


@pytest.mark.parametrize(("path", "text"), ASSIGNED)
def test_what_is_assigned_to_the_name_of_a_secret_goes_and_is_counted(path, text):
    clean, kinds = assignments.counted(text, assignments.is_settings(path))
    assert [secret for secret in (WORD, TOKEN, "YWRtaW46") if secret in clean] == []
    assert sum(kinds.values()) == clean.count("[REDACTED:") >= 1
    assert clean.count("\n") == text.count("\n")
    assert assignments.counted(clean, assignments.is_settings(path)) == (clean, {})


KEPT = {
    "a.py": """password = os.environ["X"]
password: str
token = get_token()
password = "changeme"
api_key = "your-key-here"
api_key = "<password>"
password = "${DB_PASSWORD}"
password = f"{user_password}"
SESSION_TOKEN = "session_token"
FORGOT_PASSWORD = "/forgot-password"
fields = ("username", "password", "email")
PASSWORD_RESET_TIMEOUT = 3600
secret = secrets.token_hex(32)
TOKEN_URL = "https://idp.example.com/token"
private_key = "./certs/server.pem"
assert response.json()["token"] != "expired"
password: Mapped[str] = mapped_column(String(128))
passed = "every-test-1"
primary_key = "order_id_2024"
tokenizer = "bert-base-uncased1" """,
    "a.ts": """interface Login { password: string; token?: string }
const token = await sign({ sub: user.id }, secret, { expiresIn: '1h' })
<input type="password" name="password" placeholder="Password"/>
credentials: "include", rules: { password: 'required|min:8' }""",
    "package.json": """{"dependencies": {"jsonwebtoken": "^9.0.10-beta.1", "generate-password": "1.7.1", "@acme/token": "workspace:*"}}""",
    "openapi.yaml": """securitySchemes:
  apiKey:
    type: apiKey
    name: X-API-Key
properties:
  password:
    type: string
    format: password
  token: string
  secret: required""",
    "ci.yml": """token: ${{ secrets.GITHUB_TOKEN }}
id-token: write
secretName: app-tls
password_file: /run/secrets/db_password
password: "{{ vault_db_password }}"
Password: !Ref DbPassword
password: xxx
secret: *shared
secrets: inherit""",
    ".env.example": "DB_PASSWORD=\nAPI_KEY=your_api_key\nSECRET=change-me-please\nTOKEN=<your token>\nPASSWORD=********\nDB_PASS=$OTHER",
    "a.sql": "CREATE TABLE users (password varchar(255) NOT NULL, token text DEFAULT '', api_key text);",
    "a.proto": "message Login { string password = 1; string token = 2; }",
    "a.tf": 'password = var.db_password\nkey = "terraform/state.tfstate"',
    "en.json": '{"password": "Password", "forgotPassword": "Forgot password?", "newPassword": "New password"}',
    "a.md": "The `token` key: a JWT. Password: at least 12 characters. Secret: none.",
}


@pytest.mark.parametrize(("path", "line"), [(path, line) for path, text in KEPT.items() for line in text.split("\n")])
def test_names_calls_types_references_paths_and_placeholders_stay(path, line):
    assert assignments.counted(line, assignments.is_settings(path)) == (line, {})


@pytest.mark.parametrize("settings", [False, True])
def test_a_letter_that_changes_its_length_in_lower_case_moves_nothing(settings):
    assert assignments.counted(f'İİİ password = "{WORD}" İ', settings)[0] == 'İİİ password = "[REDACTED:password]" İ'


def test_prose_and_documents_are_redacted_by_shape_only():
    document = f"password: {WORD}\n\nCREATE USER app PASSWORD '{WORD}';\n\napi_key = \"{TOKEN}\"\n"
    assert redact(document) == document

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


IN_PLACE = [
    ('a.go', 'dsn := "host=db user=shop password=§ dbname=shop sslmode=disable"'),
    ('a.py', 'DSN = "dbname=shop password=§"'),
    ('a.java', 'String u = "jdbc:postgresql://db/shop?user=a&password=§";'),
    ('a.cs', 'var c = "Server=db;User Id=sa;Password=§;Encrypt=true";'),
    ('a.cs', 'var c = "Server=db; Uid=sa; Pwd=§";'),
    ('a.py', 'r = Redis.from_url("redis://:§@cache:6379/0")'),
    ('requirements.txt', 'git+https://§:x-oauth-basic@github.com/acme/lib.git@v1#egg=lib'),
    ('a.sh', 'git clone https://§@github.com/acme/x.git'),
    ('a.py', 'requests.get("https://api.example.com/v1?api_key=§&x=1")'),
    ('a.js', 'fetch(`https://a.example.com/x?q=1&token=§`)'),
    ('a.py', '@app.get("/hook?access_token=§")'),
    ('a.js', 'const t = process.env.TOKEN || "§";'),
    ('a.ts', "const t = process.env.JWT_SECRET ?? '§';"),
    ('a.py', 'k = os.environ.get("SECRET", "§")'),
    ('a.py', 'k = os.getenv("API_KEY") or "§"'),
    ('a.js', 'const s = jwt.sign({ id: user.id, role: "admin" }, "§", { expiresIn: "1h" });'),
    ('a.py', 'jwt.encode(payload, "§", algorithm="HS256")'),
    ('a.py', 'c.auth("user", "§")'),
    ('a.py', 'requests.get(u, auth=("admin", "§"))'),
    ('a.go', 'req.SetBasicAuth(user, "§")'),
    ('a.js', 'app.use(basicAuth(u, "§"))'),
    ('a.py', 'SECRET_KEY = ("§")'),
    ('a.py', 'SECRET_KEY = (\n    "§"\n)'),
    ('a.java', 'ds.setPassword("§");'),
    ('a.java', 'new PostgreSQLContainer<>().withPassword("§");'),
    ('a.py', 'password = Column(String, default="§")'),
    ('a.py', 'password: Mapped[str] = mapped_column(String(64), default="§")'),
    ('a.ts', '@Column({ default: "§" }) password: string;'),
    ('a.ts', "  @Column({ type: 'text', default: '§' })\n  apiToken: string;"),
    ('a.go', 'Password string `gorm:"size:64;default:§"`'),
    ('schema.prisma', '  password String @default("§")'),
    ('a.properties', 'password=§'),
    ('a.properties', 'api.key=§'),
    ('a.properties', 'spring.datasource.password=§'),
    ('a.yml', 'password: §'),
    ('README.md', '    password: §'),
    ('README.md', '```\nPASSWORD=§\n```'),
    ('Dockerfile', 'ENV API_TOKEN §'),
    ('Dockerfile', 'ARG NPM_TOKEN=§'),
    ('docker/Dockerfile.prod', 'ENV DB_PASSWORD=§'),
    ('docker-compose.yml', '    environment:\n      - DB_PASSWORD=§'),
    ('docker-compose.yml', '      - "DB_PASSWORD=§"'),
    ('a.sh', 'mysql -u root -p§ shop < x.sql'),
    ('a.sh', 'curl -u a:§ https://x'),
    ('README.md', 'curl -u a:§ https://x'),
    ('a.sh', 'sshpass -p § ssh h'),
    ('docker-compose.yml', '    command: redis-server --requirepass §'),
    ('docker-compose.yml', '    command: ["redis-server", "--requirepass", "§"]'),
    ('a.sh', 'tool --password § --x'),
    ('a.sh', 'PGPASSWORD=§ psql -h db'),
    ('Makefile', '\tPGPASSWORD=§ psql'),
    ('a.sql', "CREATE USER shop WITH PASSWORD '§';"),
    ('a.sql', "CREATE USER 'a'@'%' IDENTIFIED BY '§';"),
    ('a.sql', "INSERT INTO users (id, email, password) VALUES (1, 'a@b.c', '§'), (2, 'it''s', '§');"),
    ('redis.conf', 'requirepass §'),
    ('a.rb', 'Rails.application.config.secret_token = "§"'),
    ('a.rb', 't.string :api_token, null: false, default: "§"'),
    ('a.rb', 'token = ENV.fetch("SLACK_TOKEN") { "§" }'),
    ('a.rb', 'token = ENV.fetch("SLACK_TOKEN", "§")'),
    ('a.php', "'key' => env('APP_KEY', '§'),"),
    ('a.php', "$db = new PDO($dsn, 'shop', '§');"),
    ('a.php', '$mysqli = new mysqli("localhost", "shop", "§", "shop");'),
    ('a.kt', 'val secret = System.getenv("JWT_SECRET") ?: "§"'),
    ('a.kt', '.withUser("ann").password("{noop}§")'),
    ('a.scala', 'val pw = sys.env.getOrElse("DB_PASSWORD", "§")'),
    ('a.rs', 'let key = std::env::var("API_KEY").unwrap_or("§".to_string());'),
    ('a.rs', 'let key = env::var("JWT_SECRET").unwrap_or_else(|_| "§".into());'),
    ('a.rs', '#[arg(long, default_value = "§")]\n    password: String,'),
    ('a.go', 'viper.SetDefault("db.password", "§")'),
    ('a.go', 'pw := flag.String("password", "§", "database password")'),
    ('a.go', 'var jwtKey = []byte("§")'),
    ('a.go', 'auth := smtp.PlainAuth("", "shop", "§", "smtp.x.io")'),
    ('a.cs', 'var key = configuration["Jwt:Key"] ?? "§";'),
    ('a.cs', 'new NetworkCredential("shop", "§")'),
    ('a.cs', '[DefaultValue("§")]\n    public string Password { get; set; }'),
    ('a.ts', "JWT_SECRET: z.string().min(8).default('§'),"),
    ('a.ts', "password: { type: String, required: true, default: '§' },"),
    ('a.js', "app.use(session({ resave: false, secret: ['§', 'x'] }));"),
    ('a.js', "app.use(cookieParser('§'));"),
    ('a.js', "const h = crypto.createHmac('sha256', '§').update(b);"),
    ('a.js', "yargs.option('password', { type: 'string', default: '§' })"),
    ('a.py', 'parser.add_argument("--token", default="§")'),
    ('a.py', 'secret_key: SecretStr = SecretStr("§")'),
    ('a.py', 'db = psycopg2.connect(f"host={h} user=shop password=§")'),
    ('a.py', 'smtp.login("shop@x.io", "§")'),
    ('a.py', 'engine = create_engine("mssql+pyodbc://sa:§@db/shop")'),
    ('a.py', 'password: str = Field("§", min_length=8)'),
    ('a.ex', 'secret_key_base: System.get_env("SECRET_KEY_BASE") || "§"'),
    ('values.yaml', 'auth:\n  rootPassword: >-\n    §\n  user: x'),
    ('secret.yml', 'apiVersion: v1\nkind: Secret\nstringData:\n  smtp: §\n'),
    ('nginx.conf', 'proxy_set_header X-Api-Key §;'),
    ('a.sh', 'docker login -u ci -p § registry.x.io'),
    ('a.sh', 'redis-cli -h r -a § ping'),
    ('a.sh', 'echo "deploy:§" | chpasswd'),
    ('init.sql', "INSERT INTO accounts (login, passwd) VALUES ('ann', crypt('§', gen_salt('bf')));"),
    ('a.py', 'conn = MySQLdb.connect("db", "shop", "§", "orders")'),
    ('a.py', 'client = paramiko.SSHClient(); client.connect(h, username="x", password="§")'),
    ('a.py', 'AUTH = ("ann", "§")'),
    ('a.py', 'headers = {"X-Api-Key": "§"}'),
    ('a.py', 'headers["Authorization"] = "Token §"'),
    ('a.py', 'subprocess.run(["mysql", "-u", "root", "-p§"])'),
    ('a.js', 'axios.get(u, { auth: { username: "a", password: "§" } })'),
    ('a.js', 'const { DB_PASS = "§" } = process.env;'),
    ('a.js', "mongoose.connect('mongodb+srv://a:§@c0.mongodb.net/x')"),
    ('a.ts', "passport.use(new Strategy({ clientSecret: config.s ?? '§' }))"),
    ('a.java', '@Bean DataSource d() { return b.username("sa").password("§").build(); }'),
    ('a.java', 'props.put("mail.smtp.password", "§");'),
    ('a.java', 'String p = System.getProperty("db.password", "§");'),
    ('a.java', 'Keys.hmacShaKeyFor("§".getBytes())'),
    ('a.go', 'os.Setenv("API_TOKEN", "§")'),
    ('a.go', 'client := redis.NewClient(&redis.Options{Addr: a, Password: "§"})'),
    ('a.rb', "Aws.config.update(secret_access_key: '§')"),
    ('a.php', '$mailer->Password = "§";'),
    ('a.php', "ftp_login($c, 'ann', '§');"),
    ('a.tf', 'variable "db_password" {\n  default = "§"\n}'),
    ('a.yml', 'args: ["--token=§"]'),
    ('a.ini', '[db]\npasswd = §'),
    ('a.toml', '[auth]\nclient_secret = "§"'),
    ('hba.conf', 'masterauth §'),
    ('a.sh', 'export AWS_SESSION_TOKEN="§"'),
    ('a.sh', 'wget --http-user=a --http-password=§ https://x'),
    ('a.sh', 'vault login token=§'),
    ('a.sql', "ALTER ROLE shop PASSWORD '§';"),
    ('a.sql', "UPDATE users SET password = '§' WHERE id = 1;"),
    ('README.md', '| `ADMIN_PASSWORD` | `§` | the first password |'),
    ('a.ps1', 'ConvertTo-SecureString "§" -AsPlainText'),
    ('a.cs', '.WithPassword("§")'),
    ('a.dart', 'final apiKey = const String.fromEnvironment("API_KEY", defaultValue: "§");'),
    ('a.swift', 'let apiSecret = ProcessInfo.processInfo.environment["API_SECRET"] ?? "§"'),
    ('a.lua', 'red:auth("§")'),
    ('a.groovy', "environment { NEXUS_PASSWORD = '§' }"),
    ('build.gradle', "credentials { username 'ci'; password '§' }"),
    ('a.json', '{"auths": {"r.io": {"auth": "§", "password": "§"}}}'),
]  # fmt: skip
"""Where § stands a secret does."""


@pytest.mark.parametrize(("path", "text"), IN_PLACE)
def test_what_stands_in_the_place_of_a_secret_goes_and_lines_stay(path, text):
    planted = text.replace("§", WORD + "7")
    clean, _ = counted(planted)
    clean, kinds = assignments.counted(clean, assignments.is_settings(path))
    assert WORD not in clean
    assert clean.count("\n") == text.count("\n")
    assert sum(kinds.values()) <= clean.count("[REDACTED:")
    assert assignments.counted(clean, assignments.is_settings(path)) == (clean, {})


ORDINARY = [
    ('a.py', 'password = get_password(user, default=None)'),
    ('a.py', 'token: str = Depends(oauth2_scheme)'),
    ('a.py', 'token = request.headers.get("Authorization", "")'),
    ('a.py', 'secret = os.environ.get("SECRET_NAME", default_secret)'),
    ('a.py', 'def login(username: str = "guest", password: str | None = None) -> Token:'),
    ('a.py', 'return render(request, "auth/login.html", {"form": form})'),
    ('a.py', 'password = forms.CharField(widget=forms.PasswordInput(render_value=False))'),
    ('a.py', 'hashed_password = Column(String(255), nullable=False)'),
    ('a.py', 'is_active = Column(Boolean, default=True); token_type = Column(String, default="bearer")'),
    ('a.py', 'raise ValueError("password must have at least 8 characters")'),
    ('a.py', 'reverse("password_reset_confirm", args=["uid", "token"])'),
    ('a.py', 'cursor.execute("SELECT id FROM users WHERE password = %s", (digest,))'),
    ('a.py', 'key = f"{tenant}:{user_id}"; cache_key = "orders:v2:list"'),
    ('a.py', 'SECRET_KEY = env("DJANGO_SECRET_KEY")'),
    ('a.py', 'SECRET_KEY = config("DJANGO_SECRET_KEY")'),
    ('a.py', 'url = f"https://{user}:{password}@{host}/db"'),
    ('a.py', 'url = "https://api.example.com/v1/items?page=2&sort=created_at"'),
    ('a.py', 'jwt.decode(token, settings.secret, algorithms=["HS256"])'),
    ('a.py', 'client.auth("read", "write")'),
    ('a.py', 'token = jwt.encode(claims, key, algorithm="RS256")'),
    ('a.ts', '@UseGuards(AuthGuard("jwt")) @Roles("admin", "editor")'),
    ('a.ts', 'const token = req.headers["x-access-token"] || req.query.token;'),
    ('a.ts', 'const { password, ...rest } = user;'),
    ('a.ts', 'password: Joi.string().min(8).required(),'),
    ('a.ts', 'this.tokenService.sign(payload, { expiresIn: "15m", secret: this.config.get("JWT_SECRET") })'),
    ('a.ts', 'export const TOKEN_KEY = "auth_token";'),
    ('a.ts', 'provide: APP_TOKEN, useValue: token,'),
    ('a.ts', '@Column({ default: "pending" }) status: string;'),
    ('a.ts', '@Column({ nullable: true }) passwordResetAt?: Date;'),
    ('a.ts', '{ label: "Password", type: "password", autocomplete: "current-password" },'),
    ('a.js', 'router.post("/reset-password/:token", auth.reset);'),
    ('a.js', 'if (err.code === "auth/invalid-password1") return next();'),
    ('a.js', 'localStorage.setItem("refreshToken", data.refreshToken);'),
    ('a.js', 'jwt.verify(token, publicKey, { algorithms: ["RS256"] }, cb);'),
    ('a.js', 'const key = e.key === "Enter" ? "submit" : "none";'),
    ('a.go', 'Password string `json:"password" binding:"required,min=8"`'),
    ('a.go', 'Token string `gorm:"size:64;uniqueIndex" json:"token,omitempty"`'),
    ('a.go', 'token, err := jwt.ParseWithClaims(raw, &Claims{}, keyFunc)'),
    ('a.go', 'secret := os.Getenv("JWT_SECRET")'),
    ('a.go', 'return fmt.Errorf("token: unexpected signing method %v", t.Header["alg"])'),
    ('a.rs', 'let token = req.headers().get("x-token").ok_or(Error::Missing)?;'),
    ('a.rs', 'pub password_hash: String, // argon2'),
    ('a.java', '@Value("${app.jwt.secret}") private String secret;'),
    ('a.java', 'private final PasswordEncoder passwordEncoder = new BCryptPasswordEncoder();'),
    ('a.java', '.authorizeHttpRequests(a -> a.requestMatchers("/token").permitAll())'),
    ('a.kt', 'val token: String? = call.request.header("X-Token")'),
    ('a.rb', 'validates :password, length: { minimum: 8 }, allow_nil: true'),
    ('a.rb', 'has_secure_token :auth_token, length: 36'),
    ('a.rb', 'params.require(:user).permit(:email, :password, :password_confirmation)'),
    ('a.php', "$request->validate(['password' => 'required|string|min:8|confirmed']);"),
    ('a.php', "'password' => Hash::make($request->password),"),
    ('a.cs', 'options.Password.RequiredLength = 12;'),
    ('a.cs', 'var secret = configuration["Jwt:Secret"] ?? throw new InvalidOperationException();'),
    ('a.sql', "INSERT INTO users (id, name, email) VALUES (1, 'Ann-2024', 'ann1@x.io');"),
    ('a.sql', "ALTER TABLE users ADD COLUMN token_kind varchar(20) DEFAULT 'bearer';"),
    ('a.yml', '  password: ${DB_PASSWORD}'),
    ('a.yml', "  key: ${{ runner.os }}-pip-${{ hashFiles('**/lock') }}"),
    ('a.yml', '    run: docker build -p 8080:80 -t shop:1.2.3 .'),
    ('a.sh', 'docker run -p 8080:80 -u 1000:1000 shop && mkdir -p build/out && cp -a src/a1 dst'),
    ('README.md', 'The token: signed, short-lived; password: bcrypt, never stored in plain text.'),
    ('README.md', 'Passwords are hashed with argon2. Use `curl -H "Authorization: Bearer $TOKEN" http://localhost:8000/orders`.'),
    ('README.md', '- **Secret rotation**: every 90 days; see docs/secrets.md'),
]  # fmt: skip


@pytest.mark.parametrize(("path", "line"), ORDINARY)
def test_code_that_only_speaks_of_secrets_stays_byte_for_byte(path, line):
    assert assignments.counted(counted(line)[0], assignments.is_settings(path)) == (line, {})


def test_values_of_an_insert_go_only_where_the_columns_name_a_secret():
    text = "INSERT INTO users (name, password, note) VALUES ('An-77x', 'zx81-Rules', 'No-88y'), ('it''s, (1)', 'zx81-Rules', '');"
    assert assignments.counted(text)[0].count("[REDACTED:password]") == 2
    assert assignments.counted(text)[0] == text.replace("zx81-Rules", "[REDACTED:password]")
    assert assignments.counted("INSERT INTO users VALUES ('An-77x', 'zx81-Rules');") == (
        "INSERT INTO users VALUES ('An-77x', 'zx81-Rules');",
        {},
    )


HOSTILE = [
    "password", 'password = ("', "password: [", "token=", "jwt.sign(", "jwt.sign(a,'", "default", "default='a", "password default ",
    "https://a:", "https://", "a://b:c@", "curl -u a:", "mysql -p ", "mysql a ", "docker login ", "insert into a (password) values (",
    "insert into a (password) values ('", "('a',", "password: |\n ", "data:\n a: b\n", "kind: Secret\ndata:\n", "-pa ", "auth(a, '",
    "auth((", "-----", "\\", "'", "key\" value=", "password || ", "secret + ", "password='a' + ", "${password:", "set token ", "host=db password=",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_lines_cost_time_in_proportion_to_their_length(piece):
    def seconds(length: int) -> float:
        text = ("mysql curl login jwt auth( default insert -p -u '" + piece * length)[:length]
        started = time.process_time()
        assignments.counted(text, settings=True)
        return time.process_time() - started

    seconds(1_000)
    assert seconds(200_000) < 40 * max(seconds(20_000), 0.01)


@pytest.mark.parametrize("settings", [False, True])
def test_a_letter_that_changes_its_length_in_lower_case_moves_nothing(settings):
    assert assignments.counted(f'İİİ password = "{WORD}" İ', settings)[0] == 'İİİ password = "[REDACTED:password]" İ'


def test_prose_and_documents_are_redacted_by_shape_only():
    document = f"password: {WORD}\n\nCREATE USER app PASSWORD '{WORD}';\n\napi_key = \"{TOKEN}\"\n"
    assert redact(document) == document

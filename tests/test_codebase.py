"""What is there already is read: which files, what of them, what is said about them, and what a second look costs."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from planning_kit.codebase import Codebase, Evidence, Statement, kept, read_codebase, shown
from planning_kit.codebase import tree as trees
from planning_kit.codebase.tree import Tree
from planning_kit.errors import Damaged, OptionRefused

KEY = "sk-ant-api03-" + "q7Rt2Vw9Xz4Bn6Mk1Lp8Sd3Fg5Hj0QaWsEdRfTgY"
LONG_AGO = 1_700_000_000_000_000_000
"""A time in nanoseconds at which nothing is being written any more."""


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def reasons(tree: Tree) -> dict[str, tuple[str, int]]:
    return {omission.why: (omission.what, omission.count) for omission in tree.left_out}


# ---- which files are read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (".env .env.local .env.production env.production env-staging app.env.local prod.env .envrc .npmrc .yarnrc.yml .pypirc .netrc _netrc .git-credentials .htpasswd .pgpass credentials "
         "credentials.json credentials.yml.enc aws-credentials.ini service-account.json serviceAccount-prod.json my-service_account.json kubeconfig "
         "kubeconfig.yaml prod.kubeconfig .dockerconfigjson .dockercfg secrets.yml secrets.yaml secrets.json secret.toml app-secrets.yaml "
         "application-secrets.properties secrets.prod.yaml client_secret.json client_secret_123.apps.json passwords.txt master.key.txt/secrets "
         "token.json .bash_history wp-config.php local.settings.json .vault_pass", "credentials are never read"),
        ("id_rsa id_ed25519 id_rsa.bak server.pem server.key app.p12 app.pfx release.jks app.keystore AuthKey_X.p8 vault.kdbx ca.crt putty.ppk master.key "
         "signing.gpg ssh_host_rsa_key authorized_keys ID_RSA Server.PEM", "keys and certificates are never read"),
        ("terraform.tfstate terraform.tfstate.backup prod.tfvars prod.auto.tfvars prod.tfvars.json plan.tfplan Pulumi.prod.yaml",
         "infrastructure state and its variables are never read"),
        ("db.sqlite3 app.db backup.dump data.parquet app.sqlite-wal", "databases and dumps are never read"),
        ("CLAUDE.md AGENTS.md GEMINI.md AGENT.md CLAUDE.local.md .cursorrules .windsurfrules .clinerules .github/copilot-instructions.md "
         ".github/prompts/plan.prompt.md rules.mdc llms.txt .mcp.json docs/SKILL.md", "instructions for models are never read"),
        ("jquery.min.js site.min.css app.bundle.js app.js.map", "minified or generated"),
        ("logo.png app.jar font.woff2 report.pdf model.onnx lib.so main.exe", "not text"),
    ],
)  # fmt: skip
def test_some_names_are_never_opened_and_their_reason_is_said_once(tmp_path: Path, names: str, why: str) -> None:
    files = names.split()
    tree = Tree.read(write(tmp_path, dict.fromkeys(files, "the inside of it")))
    assert tree.paths == ()
    assert [tree.text(name) for name in files] == [""] * len(files)
    assert {reason: count for reason, (_, count) in reasons(tree).items()} == {why: len(files)}


@pytest.mark.parametrize("folder", [".aws", ".ssh", ".envs", ".gnupg", ".kube", ".docker"])
def test_folders_of_credentials_are_not_entered(tmp_path: Path, folder: str) -> None:
    tree = Tree.read(write(tmp_path, {f"{folder}/config": "x", "main.py": ""}))
    assert tree.paths == ("main.py",)
    assert reasons(tree) == {"credentials are never read": (f"{folder}/", 1)}


@pytest.mark.parametrize("folder", [".claude", ".cursor", ".codex"])
def test_folders_of_instructions_for_models_are_not_entered(tmp_path: Path, folder: str) -> None:
    tree = Tree.read(write(tmp_path, {f"{folder}/rules/a.md": "x", "main.py": ""}))
    assert tree.paths == ("main.py",)
    assert reasons(tree) == {"instructions for models are never read": (f"{folder}/", 1)}


NAMES_THAT_ARE_READ = [
    ".env.example", ".env.sample", ".env.template", ".env.dist", "example.env", "secrets.example.yml", "credentials.json.example",
    "src/secrets.py", "app/credentials.ts", "token.go", "password_reset.rb", "lib/keys.py", "auth.json", "agents.py", "claude.py",
    "docs/agents/index.md", "state.tf", "variables.tf", "environment.py", "env.py", "env.d.ts", "alembic/env.py", "key_store.java", "service_account.py", "locales/passwords.php",
    "migrations/001_secrets.sql", ".gitignore", ".dockerignore", ".github/workflows/ci.yml", "pnpm-lock.yaml", ".nvmrc"
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES_THAT_ARE_READ)
def test_ordinary_names_are_read(tmp_path: Path, name: str) -> None:
    tree = Tree.read(write(tmp_path, {name: "something\n"}))
    assert (tree.paths, tree.text(name), tree.left_out) == ((name,), "something\n", ())


def test_the_sample_of_an_environment_is_read_and_redacted(tmp_path: Path) -> None:
    tree = Tree.read(
        write(tmp_path, {".env.example": f"PORT=8000\nDB_PASSWORD=hunter2\nAPI_KEY={KEY}\nTOKEN=<token>\n"})
    )
    assert tree.text(".env.example") == (
        "PORT=8000\nDB_PASSWORD=[REDACTED:password]\nAPI_KEY=[REDACTED:anthropic-key]\nTOKEN=<token>\n"
    )
    assert tree.redacted == {".env.example": {"password": 1, "anthropic-key": 1}}
    assert tree.kinds() == {"password": 1, "anthropic-key": 1}


def test_what_is_no_text_is_listed_and_not_read(tmp_path: Path) -> None:
    tree = Tree.read(
        write(tmp_path, {"data": b"\x7fELF\x00\x01", "late.py": b"x" * 9_000 + b"\x00", "long.py": "x" * 256_001})
    )
    assert tree.paths == ("data", "late.py", "long.py")
    assert (tree.text("data"), tree.text("long.py")) == ("", "")
    assert tree.was_read("late.py")
    assert reasons(tree) == {"not text": ("data", 1), "longer than 256 kB": ("long.py", 1)}


@pytest.mark.parametrize(
    ("held", "text"),
    [
        (b"\xef\xbb\xbfa = 1\r\nb = 2\r\n", "a = 1\nb = 2\n"),
        ("a = 'é'\n".encode("utf-16"), "a = 'é'\n"),
        ("a = 'é'\n".encode("latin-1"), "a = '\\xe9'\n"),
        (b"a\rb", "a\nb"),
        (b"", ""),
    ],
)
def test_texts_are_decoded_and_their_lines_end_alike(tmp_path: Path, held: bytes, text: str) -> None:
    tree = Tree.read(write(tmp_path, {"a.py": held}))
    assert (tree.text("a.py"), tree.was_read("a.py")) == (text, True)


def test_what_package_managers_write_is_read_and_comes_last(tmp_path: Path) -> None:
    tree = Tree.read(write(tmp_path, {"poetry.lock": 'name = "django"\n', "uv.lock": "x" * 300_000}))
    assert tree.text("poetry.lock") == 'name = "django"\n'
    assert tree.text("uv.lock") == ""


# ---- which folders are walked ----------------------------------------------------------------------------------------

WALKED = {
    "a domain called build": {"pom.xml": "", "src/main/java/shop/build/Order.java": ""},
    "go's build scripts, tracked": {".gitignore": "*.out\n", "go.mod": "", "build/ci.go": ""},
    "webpack's build scripts, tracked": {".gitignore": "dist/\n", "package.json": "{}", "build/webpack.config.js": ""},
    "a domain called target": {"package.json": "{}", "src/target/target.service.ts": ""},
    "a domain called out": {"go.mod": "", "internal/out/writer.go": ""},
    "a domain called coverage": {"manage.py": "", "coverage/models.py": ""},
    "a package called env": {"pyproject.toml": "", "env/__init__.py": "", "env/settings.py": ""},
    "scripts in bin": {"Gemfile": "", "bin/rails": ""},
    "a domain called vendor": {"package.json": "{}", "src/vendor/vendor.controller.ts": ""},
    "a Django application called vendor": {"manage.py": "", "vendor/__init__.py": "", "vendor/models.py": ""},
    "a domain called dist": {"pyproject.toml": "", "shop/dist/routes.py": ""},
    "a monorepo's packages": {"package.json": "{}", "packages/api/index.ts": ""},
    "a domain called deps": {"Cargo.toml": "", "src/deps/mod.rs": ""},
}
LEFT = {
    "node_modules/": {"node_modules/x/package.json": "{}"},
    "a/node_modules/": {"a/node_modules/x/package.json": "{}"},
    "vendor/": {"go.mod": "", "vendor/github.com/x/y.go": ""},
    "api/vendor/": {"api/composer.json": "{}", "api/vendor/x/y.php": ""},
    "lib/vendor/": {"lib/vendor/modules.txt": "", "lib/vendor/a.go": ""},
    "third_party/": {"third_party/a.cc": ""},
    ".venv/": {".venv/lib/a.py": ""},
    "env/": {"env/pyvenv.cfg": "", "env/lib/a.py": ""},
    "my-python/": {"my-python/pyvenv.cfg": "", "my-python/lib/a.py": ""},
    "dist/": {"package.json": "{}", "dist/index.js": ""},
    "build/": {"build.gradle": "", "build/x/A.java": ""},
    "app/build/": {".gitignore": "*.log\n", "app/build/outputs/a.xml": ""},
    "target/": {".gitignore": "*.log\n", "Cargo.toml": "", "target/CACHEDIR.TAG": "", "target/x/a.rs": ""},
    "x/target/": {"x/pom.xml": "", "x/target/A.java": ""},
    "Api/obj/": {"Api/Api.csproj": "", "Api/obj/a.cs": ""},
    "Api/bin/": {"Api/Api.csproj": "", "Api/bin/Debug/a.cs": ""},
    "coverage/": {"coverage/lcov.info": "", "coverage/block.js": ""},
    ".next/": {".next/a.js": ""},
    ".terraform/": {".terraform/modules/a.tf": ""},
    "Pods/": {"Pods/a.swift": ""},
    ".git/": {".git/config": "[core]\n fsmonitor = touch /tmp/owned\n"},
    ".idea/": {".idea/a.xml": ""},
    "shop.egg-info/": {"shop.egg-info/requires.txt": ""},
    "deps/": {"mix.exs": "", "deps/x/mix.exs": ""},
}


@pytest.mark.parametrize("name", WALKED)
def test_a_package_may_be_called_like_what_is_built(tmp_path: Path, name: str) -> None:
    tree = Tree.read(write(tmp_path, dict(WALKED[name])))
    assert (set(tree.paths), tree.left_out) == (set(WALKED[name]), ())


@pytest.mark.parametrize("folder", LEFT)
def test_what_is_vendored_or_built_is_not_walked_and_said(tmp_path: Path, folder: str) -> None:
    tree = Tree.read(write(tmp_path, dict(LEFT[folder])))
    assert set(tree.paths) == {name for name in LEFT[folder] if not name.startswith(folder)}
    assert [(omission.what, omission.count) for omission in tree.left_out] == [(folder, 1)]


def test_gitignore_is_heeded_at_the_root_and_below_it(tmp_path: Path) -> None:
    files = {
        ".gitignore": "# built\n*.log\n!keep.log\n/generated/\ndoc/*.html\n[bad\n\n",
        "app/.gitignore": "local.*\r\n!debug.log\r\n/only-here.py\r\n",
        "a.log": "", "keep.log": "", "generated/a.py": "", "app/generated/b.py": "", "doc/a.html": "", "doc/x/a.html": "",
        "app/local.py": "", "app/deep/local.yaml": "", "app/debug.log": "", "app/only-here.py": "", "app/deep/only-here.py": "", "local.py": "",
    }  # fmt: skip
    tree = Tree.read(write(tmp_path, dict(files)))
    assert set(files) - set(tree.paths) == {
        "a.log", "generated/a.py", "doc/a.html", "app/local.py", "app/deep/local.yaml", "app/only-here.py",
    }  # fmt: skip
    assert reasons(tree) == {"ignored by .gitignore": ("a.log", 6)}


@pytest.mark.parametrize(
    ("rules", "kept_files", "left"),
    [
        ("*o*\n!b/\n", "b/x b/a/x", "b/log/x log b/foo"),  # what is taken back in is b, not all that is below it
        ("*.txt\n!keep.log\n", "keep.log/a", "keep.log/a.txt"),
        ("*\n!*/\n!*.py\n", "a.py b/c/d.py", "a.txt b/c/d.txt"),
        ("doc/**\n!doc/x.py\n", "doc/x.py a/doc/y.py", "doc/y.py doc/a/z.py"),
        ("doc/\n!doc/x.py\n", "x.py", "doc/x.py a/doc/y.py"),  # what is in a folder that is left out cannot be taken back in
        ("/*\n!/src\n", "src/a.py src/b/c.py", "a.py lib/src/a.py"),
        ("data/*\n!data/src\n", "data/src/a b/data/x", "data/a data/b/c"),
        ("a/**/b\n", "b a/c", "a/x/b a/x/y/b/c"),
        ("*/\n", "a.py", "a/b.py"),
        ("x.p[yz]\n[!a]b\n?\n\\!x\n", "x.pq ab", "x.py cb c !x d/e"),
        ("a/**/b/**/c/**/d/**/e\n**/**\n", "", "x y/z"),
    ],
)  # fmt: skip
def test_patterns_mean_what_they_mean_to_git(tmp_path: Path, rules: str, kept_files: str, left: str) -> None:
    for name in (kept_files + " " + left).split():
        write(tmp_path / "root", {name: "x"})
    (tmp_path / "root/.gitignore").write_text(rules)
    (tmp_path / "root/.gitignore").rename(tmp_path / "rules")
    assert set(Tree.read(tmp_path / "root").paths) == {*kept_files.split(), *left.split()}
    (tmp_path / "rules").rename(tmp_path / "root/.gitignore")
    assert set(Tree.read(tmp_path / "root").paths) - {".gitignore"} == set(kept_files.split())


def test_where_runs_are_kept_is_left_out(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"main.py": "", "plans/outputs/run.json": "{}", "plans/a.md": ""})
    tree = Tree.read(root, without=root / "plans/outputs")
    assert tree.paths == ("main.py", "plans/a.md")
    assert reasons(tree) == {"where runs are kept": ("plans/outputs/", 1)}
    assert Tree.read(root, without=tmp_path / "elsewhere").left_out == ()


def test_left_out_does_not_depend_on_what_was_asked_for_first(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.bin2": b"\0", "b.py": "x = 1\n", ".env": "A=1"})
    first, second = Tree.read(root), Tree.read(root)
    first.text("b.py")
    assert first.left_out == second.left_out
    assert first.listing == second.listing


# ---- the fingerprint -------------------------------------------------------------------------------------------------

FILES: dict[str, str | bytes] = {
    "app/main.py": "x = 1\n", "logo.png": b"\x89PNG\x00", ".env": "A=1\n", "long.csv": "1\n" * 200_000, "yarn.lock": "a\n", "empty.py": "",
}  # fmt: skip


def fingerprint(root: Path) -> str:
    return Tree.read(root).fingerprint


def test_the_fingerprint_is_the_same_wherever_and_whenever_it_was_checked_out(tmp_path: Path) -> None:
    here, there = write(tmp_path / "here", FILES), write(tmp_path / "there/deeper", dict(reversed(FILES.items())))
    for path in there.rglob("*"):
        os.utime(path, ns=(LONG_AGO, LONG_AGO))
    assert fingerprint(here) == fingerprint(there)


@pytest.mark.parametrize(
    "change",
    [
        {"app/main.py": "x = 2\n"}, {"app/main.py": "x = 1\r\n"}, {"app/main.py": b"x = \xff\n"}, {"new.py": ""}, {"yarn.lock": "b\n"}, {"logo.png": b"\x89PNG\x00\x00"},
        {".env": "AB=1\n"}, {"long.csv": "1\n" * 200_001}, {"empty.py": "\n"}, {"new.png": b""}, {".env.local": ""},
    ],
)  # fmt: skip
def test_the_fingerprint_is_another_one_after_any_change(tmp_path: Path, change: dict[str, str | bytes]) -> None:
    before = fingerprint(write(tmp_path, FILES))
    assert fingerprint(write(tmp_path, change)) != before


@pytest.mark.parametrize("name", FILES)
def test_the_fingerprint_is_another_one_when_a_file_is_renamed_or_gone(tmp_path: Path, name: str) -> None:
    root = write(tmp_path, FILES)
    before = fingerprint(root)
    (root / name).rename((root / name).with_name(f"z{Path(name).name}"))
    renamed = fingerprint(root)
    (root / name).with_name(f"z{Path(name).name}").unlink()
    assert len({before, renamed, fingerprint(root)}) == 3


def test_a_name_that_holds_a_secret_is_left_out_and_not_repeated(tmp_path: Path) -> None:
    codebase = read_codebase(write(tmp_path, {f"notes {KEY}.md": "x", f"{KEY}/a.py": "x = 1\n", "b.py": "y = 2\n"}))
    assert codebase.files == 1
    assert [(o.what, o.count) for o in codebase.left_out] == [("notes [REDACTED:anthropic-key].md", 2)]
    assert KEY not in codebase.dumped()


def test_secrets_are_redacted_before_anything_is_hashed(tmp_path: Path) -> None:
    one = write(tmp_path / "one", {"a.py": f"key = '{KEY}'\n"})
    other = write(
        tmp_path / "other",
        {"a.py": f"key = '{KEY[::-1].replace('30ipa-tna-ks', '')}'\n".replace("key = '", "key = 'sk-ant-")},
    )
    assert Tree.read(one).text("a.py") == Tree.read(other).text("a.py") == "key = '[REDACTED:anthropic-key]'\n"
    assert fingerprint(one) == fingerprint(other)


def test_lines_stay_where_they_are_when_a_key_of_many_lines_goes(tmp_path: Path) -> None:
    key = "-----BEGIN PRIVATE KEY-----\n" + "\n".join(["q7Rt2Vw9Xz4Bn6Mk1Lp8"] * 6) + "\n-----END PRIVATE KEY-----"
    tree = Tree.read(write(tmp_path, {"a.yaml": f"key: |\n{key}\nafter: 1\n"}))
    assert tree.text("a.yaml").split("\n")[9] == "after: 1"
    assert "q7Rt" not in tree.text("a.yaml")
    assert tree.redacted == {"a.yaml": {"private-key": 1}}


# ---- what is said is shown -------------------------------------------------------------------------------------------


def test_a_statement_no_line_shows_is_dropped_and_so_is_evidence_that_is_not_there(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.py": "one\ntwo\n", "b.py": "one\ntwo", "empty.py": "", ".env": "A=1\n", "data": b"\0"})
    tree = Tree.read(root)
    here = (Evidence("a.py", 2), Evidence("b.py", 2))
    gone = (
        Evidence("a.py", 3), Evidence("a.py", 0), Evidence("b.py", 3), Evidence("c.py", 1), Evidence(".env", 1), Evidence("data", 1),
        Evidence("../a.py", 1), Evidence("empty.py", 2),
    )  # fmt: skip
    said = [Statement("Language", f"V{number}", (evidence,)) for number, evidence in enumerate(gone)]
    said += [Statement("Framework", "FastAPI", (gone[0], *here, gone[1])), Statement("Tests", "none", ())]
    assert shown(said, tree) == (Statement("Framework", "FastAPI", here),)


def test_an_empty_file_shows_that_it_is_there(tmp_path: Path) -> None:
    tree = Tree.read(write(tmp_path, {"app/__init__.py": ""}))
    said = (Statement("Layout", "app/", (Evidence("app/__init__.py", 1),)),)
    assert shown(said, tree) == said


def test_every_line_a_codebase_cites_exists(tmp_path: Path) -> None:
    codebase = read_codebase(service(tmp_path))
    cited = [evidence for p in codebase.packages for s in p.statements for evidence in s.evidence]
    assert cited
    assert [e for e in cited if e.line > (tmp_path / e.path).read_text().count("\n") + 1] == []
    assert "FastAPI" in " ".join(value for package in codebase.packages for value in package.values("Framework"))


def service(root: Path) -> Path:
    """A small service, old enough to be remembered."""
    write(
        root,
        {
            "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi==0.115.0", "sqlalchemy>=2"]\n',
            "shop/__init__.py": "",
            "shop/main.py": f"from fastapi import FastAPI\n\napp = FastAPI()\nKEY = '{KEY}'\n\n\n@app.get('/orders')\ndef orders():\n    return []\n",
            ".env": "DB_PASSWORD=hunter2\n",
            "node_modules/x/package.json": '{"dependencies": {"express": "4"}}',
        },
    )  # fmt: skip
    for path in root.rglob("*"):
        os.utime(path, ns=(LONG_AGO, LONG_AGO))
    return root


def test_a_codebase_says_what_was_read_what_was_not_and_what_was_replaced(tmp_path: Path) -> None:
    codebase = read_codebase(service(tmp_path))
    assert codebase.files == 3
    assert [(omission.what, omission.why) for omission in codebase.left_out] == [
        (".env", "credentials are never read"),
        ("node_modules/", "code of others, vendored or installed"),
    ]
    assert codebase.redacted == {"anthropic-key": 1}
    assert KEY not in codebase.dumped()
    assert "hunter2" not in codebase.dumped()


def test_an_empty_folder_is_a_codebase_of_nothing(tmp_path: Path) -> None:
    codebase = read_codebase(tmp_path)
    assert (codebase.packages, codebase.quoted, codebase.files, codebase.left_out) == ((), (), 0, ())


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionRefused, match="no such folder"):
        read_codebase(tmp_path / "nowhere")


# ---- as JSON ---------------------------------------------------------------------------------------------------------


def test_a_codebase_comes_back_from_json_as_it_was(tmp_path: Path) -> None:
    codebase = read_codebase(service(tmp_path))
    assert codebase.packages
    assert codebase.quoted
    assert Codebase.loaded(codebase.dumped()) == codebase
    assert Codebase.loaded(codebase.dumped()).dumped() == codebase.dumped()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data | {"extra": 1}, lambda data: {key: value for key, value in data.items() if key != "files"}, lambda data: data | {"files": "3"},
        lambda data: data | {"files": True}, lambda data: data | {"files": -1}, lambda data: data | {"digest": None}, lambda data: data | {"redacted": []},
        lambda data: data | {"redacted": {"jwt": "1"}}, lambda data: data | {"packages": {}}, lambda data: data | {"packages": [{"path": "."}]},
        lambda data: data | {"quoted": [{"path": ".", "characters": 1.5, "redacted": {}}]}, lambda data: data | {"left_out": ["x"]}, lambda data: [data],
        lambda data: "x",
    ],
)  # fmt: skip
def test_anything_but_what_was_dumped_is_refused(tmp_path: Path, damage) -> None:
    data = json.loads(read_codebase(service(tmp_path)).dumped())
    with pytest.raises(Damaged, match="facts/codebase.json: not what a scan of a codebase wrote"):
        Codebase.loaded(json.dumps(damage(data)), "facts/codebase.json")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "null", "\ud800"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(Damaged, match="begin a new run"):
        Codebase.loaded(text)


# ---- what is kept for a second look ----------------------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(trees, "TICK", -60.0)  # what these tests write is a moment old
    return tmp_path / "cache/planning_kit"


def mark(cache: Path) -> None:
    """Write something into what is kept, so that it shows whether it is used."""
    for path in cache.glob("scan-*.json"):
        held = json.loads(path.read_bytes())
        found = json.loads(held["found"]) | {"digest": "remembered"}
        held["found"] = json.dumps(found)
        held["sum"] = kept.digest.of_text(held["found"])
        path.write_text(json.dumps(held))


def remembered(root: Path, **options) -> bool:
    return read_codebase(root, **options).digest == "remembered"


def test_a_second_look_gives_what_the_first_one_found(tmp_path: Path, cache: Path) -> None:
    root = service(tmp_path / "root")
    first = read_codebase(root, words=["orders"])
    assert read_codebase(root, words=["orders"]) == first
    mark(cache)
    assert remembered(root, words={"orders"})


def test_what_is_kept_is_for_its_owner_only_and_names_no_place(tmp_path: Path, cache: Path) -> None:
    read_codebase(service(tmp_path / "root"))
    [path] = cache.iterdir()
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(cache.stat().st_mode)) == (0o600, 0o700)
    assert str(tmp_path) not in path.name + path.read_text()
    assert "hunter2" not in path.read_text()


@pytest.mark.parametrize(
    "change",
    ["content", "size", "time", "same size and time", "new", "gone", "renamed", "an unread file", "a folder", "a new .env", "gitignore"],
)  # fmt: skip
def test_a_change_is_never_overlooked(tmp_path: Path, cache: Path, change: str) -> None:
    root = service(tmp_path / "root")
    read_codebase(root)
    mark(cache)
    assert remembered(root)
    main = root / "shop/main.py"
    if change == "content":
        main.write_text(main.read_text().replace("orders", "prices"))
    elif change == "size":
        main.write_text(main.read_text() + "\n")
        os.utime(main, ns=(LONG_AGO, LONG_AGO))
    elif change == "time":
        os.utime(main, ns=(LONG_AGO, LONG_AGO + 1))
    elif change == "same size and time":
        main.write_text(main.read_text().replace("orders", "prices"))
        os.utime(main, ns=(LONG_AGO, LONG_AGO))
    elif change == "new":
        (root / "new.py").write_text("")
    elif change == "gone":
        main.unlink()
    elif change == "renamed":
        main.rename(root / "shop/app.py")
    elif change == "an unread file":
        (root / ".env").write_text("A=1")
    elif change == "a folder":
        write(root / "vendor/x", {"a.go": ""})
    elif change == "a new .env":
        (root / ".env.local").write_text("")
    elif change == "gitignore":
        (root / ".gitignore").write_text("")
    assert not remembered(root)


def test_other_words_and_another_folder_left_out_are_another_question(tmp_path: Path, cache: Path) -> None:
    root = service(tmp_path / "root")
    read_codebase(root, words=["orders"])
    mark(cache)
    assert remembered(root, words=["orders"])
    assert not remembered(root, words=["prices"])
    assert not remembered(root)
    assert not remembered(root, words=["orders"], without=root / "shop")


def test_another_codebase_with_the_same_files_is_another_question(tmp_path: Path, cache: Path) -> None:
    root = service(tmp_path / "root")
    read_codebase(root)
    mark(cache)
    shutil.copytree(root, tmp_path / "copy", copy_function=shutil.copy2)
    assert not remembered(tmp_path / "copy")


def test_another_version_of_the_program_scans_again(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = service(tmp_path / "root")
    read_codebase(root)
    mark(cache)
    monkeypatch.setattr(kept, "_sources", lambda: "another")
    assert not remembered(root)


def test_a_file_that_changed_a_moment_ago_is_not_relied_upon(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "TICK", 3_600.0)
    read_codebase(service(tmp_path / "root"))
    assert not cache.exists()


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"null", b"[]", b'{"of": 1}', b"\xff\xfe", b"[" * 100_000, "cut", "flipped", "folder", "link", "pipe"],
)
def test_a_damaged_memory_is_as_if_it_were_not_there(tmp_path: Path, cache: Path, damage: bytes | str) -> None:
    root = service(tmp_path / "root")
    first = read_codebase(root)
    [path] = cache.iterdir()
    held = path.read_bytes()
    path.unlink()
    if isinstance(damage, bytes):
        path.write_bytes(damage)
    elif damage == "cut":
        path.write_bytes(held[:-10])
    elif damage == "flipped":
        path.write_bytes(held.replace(b"fastapi", b"fastapo").replace(b"FastAPI", b"FastAPO"))
    elif damage == "folder":
        path.mkdir()
    elif damage == "link":
        (tmp_path / "else").write_bytes(held)
        path.symlink_to(tmp_path / "else")
    elif damage == "pipe":
        os.mkfifo(path)
    assert read_codebase(root) == first


def test_what_anybody_may_write_is_not_believed(tmp_path: Path, cache: Path) -> None:
    root = service(tmp_path / "root")
    read_codebase(root)
    mark(cache)
    for path in cache.iterdir():
        path.chmod(0o666)
    assert not remembered(root)


def test_what_belongs_to_somebody_else_is_not_believed(tmp_path: Path, cache: Path) -> None:
    root = service(tmp_path / "root")
    read_codebase(root)
    mark(cache)
    if os.geteuid() == 0:
        for path in cache.iterdir():
            os.chown(path, 65534, 65534)
        assert not remembered(root)
    else:  # only root can give a file away; what is root's is somebody else's here
        assert not kept.is_ours(Path("/etc/passwd"))


@pytest.mark.parametrize("obstacle", ["a file", "a link", "a file above", "no home"])
def test_a_scan_does_without_a_memory(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, obstacle: str
) -> None:
    root = service(tmp_path / "root")
    if obstacle == "a file":
        cache.parent.mkdir()
        cache.write_text("")
    elif obstacle == "a link":
        cache.parent.mkdir()
        (tmp_path / "else").mkdir()
        cache.symlink_to(tmp_path / "else")
    elif obstacle == "a file above":
        cache.parent.write_text("")
    elif obstacle == "no home":
        monkeypatch.setenv("XDG_CACHE_HOME", "relative")
        monkeypatch.setenv("HOME", "/dev/null/nobody")
    assert read_codebase(root).files == read_codebase(root).files == 3
    assert not (tmp_path / "else").exists() or not list((tmp_path / "else").iterdir())


def test_at_most_fifty_scans_are_kept_and_the_oldest_go(tmp_path: Path, cache: Path) -> None:
    root = service(tmp_path / "root")
    for number in range(kept.MOST + 5):
        read_codebase(root, words=[f"word{number}"])
        for path in cache.iterdir():
            os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns - 1_000_000_000))
    assert len(list(cache.iterdir())) == kept.MOST
    mark(cache)
    assert remembered(root, words=[f"word{kept.MOST + 4}"])
    assert not remembered(root, words=["word0"])


def test_a_scan_that_ran_out_of_time_is_not_kept(tmp_path: Path, cache: Path) -> None:
    tree = Tree.read(service(tmp_path / "root"))
    cut = dataclasses.replace(tree, _seconds=-1.0)
    assert not cut.complete
    kept.Kept(cut, None, ()).keep("found")
    assert not cache.exists()

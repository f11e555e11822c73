"""What is there already is read with its evidence, and nothing of it is run, followed or leaked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from planning_kit.codebase import read_codebase
from planning_kit.errors import OptionRefused


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "facts"),
    [
        (
            {"pyproject.toml": '[project]\nname = "x"\ndependencies = [\n  "fastapi>=0.110",\n]\n', "app/main.py": "x = 1\n"},
            ["language: Python, 1 files (app/main.py:1)", "dependency: fastapi >=0.110 (pyproject.toml:4)"],
        ),
        ({"requirements.txt": "# web\nDjango==5.1\n"}, ["dependency: Django ==5.1 (requirements.txt:2)"]),
        (
            {"package.json": '{\n "dependencies": {\n  "express": "^4"\n }\n}\n', "src/a.ts": ""},
            ["language: TypeScript, 1 files (src/a.ts:1)", "dependency: express ^4 (package.json:3)"],
        ),
        ({"go.mod": "module x\n\nrequire github.com/gin-gonic/gin v1.9.1\n"}, ["dependency: github.com/gin-gonic/gin v1.9.1 (go.mod:3)"]),
        ({"Cargo.toml": '[dependencies]\naxum = "0.7"\n'}, ["dependency: axum 0.7 (Cargo.toml:2)"]),
        ({"Gemfile": "gem 'rails', '~> 7.1'\n"}, ["dependency: rails ~> 7.1 (Gemfile:1)"]),
        ({"Dockerfile": "FROM x\n"}, ["Docker: (Dockerfile:1)"]),
        ({}, ["files: 0"]),
    ],
)  # fmt: skip
def test_facts_carry_their_evidence(tmp_path: Path, files: dict[str, str], facts: list[str]) -> None:
    said = read_codebase(tree(tmp_path, files)).splitlines()
    assert [fact for fact in facts if fact not in said] == []


def test_vendored_folders_do_not_count(tmp_path: Path) -> None:
    tree(tmp_path, {"node_modules/x/package.json": '{"dependencies": {"evil": "1"}}', "vendor/a.go": "", "main.rs": ""})
    assert read_codebase(tmp_path).splitlines() == ["files: 1", "language: Rust, 1 files (main.rs:1)"]


def test_a_hostile_tree_is_boring(tmp_path: Path) -> None:
    root = tree(tmp_path / "code", {"a.py": "", "package.json": "[" * 10_000, "pyproject.toml": "not toml ["})
    (tmp_path / "outside.py").write_text("")
    (root / "link.py").symlink_to(tmp_path / "outside.py")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "requirements.txt")
    (root / "name\nwith <b>markup").write_text("")
    with (root / "go.mod").open("wb") as sparse:
        sparse.truncate(1 << 40)
    said = read_codebase(root)
    assert "language: Python, 1 files (a.py:1)" in said.splitlines()
    assert "outside" not in said and "dependency" not in said


def test_secrets_are_redacted(tmp_path: Path) -> None:
    key = "sk-ant-api03-" + "a" * 40
    tree(tmp_path, {"requirements.txt": f"thing @ https://user:{key}@host/x\n{key}\n"})
    assert key not in read_codebase(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionRefused, match="no such folder"):
        read_codebase(tmp_path / "nowhere")

"""The linter for everyone: which files are read, what each promises, what people and programs are told."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from planning_kit import cli
from planning_kit.document import Document
from planning_kit.errors import OptionRefused
from planning_kit.linter import told
from planning_kit.linter.lint import lint, promised
from planning_kit.linter.sources import STANDARD_INPUT, gather

DDL = "CREATE TABLE orders (id int PRIMARY KEY, state varchar(20) NOT NULL);\n"
BROKEN = "CREATE TABLE orders (id int PRIMARY KEY, state varchar(20) NOT NULL,);\n"
GOOD = f"# Orders\n\nThe tables.\n\n```sql\n{DDL}```\n"
BAD = GOOD.replace(DDL, BROKEN)
META = "| Version | Last updated | Status | Recipe | Author |\n|---|---|---|---|---|\n| 1 | 2026-01-01 | draft | {} | ann |\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def plant(root: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def named(*paths: str) -> list[str]:
    return [source.name for source in gather(paths).sources]


def test_a_folder_gives_its_planning_documents_and_nothing_hidden_or_installed(here: Path) -> None:
    names = ["a.md", "b/c.mmd", "b/d.sql", "b/e.feature", "b/f.proto", "b/g.graphql", "b/openapi-v1.yaml"]
    passed = [".git/x.md", ".hidden.md", "node_modules/y.md", ".venv/z.md", "env/z.md", "b/h.py", "b/i.toml", "b/j.txt"]
    for name in [*names, *passed]:
        plant(here, **{name: "text\n"})
    plant(
        here, **{"env/pyvenv.cfg": "", "k.yaml": "a: b\n", "l.json": "{}", "ci.yml": "services:\n  a:\n    image: b\n"}
    )
    assert named(".") == sorted([*names, "ci.yml"], key=lambda name: ("/" in name, name))
    assert named("b") == [name for name in names if name.startswith("b/")]


def test_a_file_that_is_named_is_read_whatever_it_is_called_and_only_once(here: Path) -> None:
    plant(here, **{"a.md": GOOD, "data.yaml": "a: b\n", ".hidden.md": "x\n"})
    assert named("a.md", "./a.md", str(here / "a.md"), ".") == ["a.md"]
    assert named("data.yaml", ".hidden.md") == ["data.yaml", ".hidden.md"]


def test_links_in_a_folder_are_not_followed(here: Path) -> None:
    plant(here, **{"outside/secret.md": "x\n", "docs/a.md": "x\n"})
    (here / "docs" / "b.md").symlink_to(here / "outside" / "secret.md")
    (here / "docs" / "more").symlink_to(here / "outside")
    (here / "docs" / "loop").symlink_to(here / "docs")
    assert named("docs") == ["docs/a.md"]
    assert named("docs/b.md") == ["docs/b.md"]


def test_line_ends_and_a_byte_order_mark_do_not_move_a_place(here: Path) -> None:
    (here / "a.md").write_bytes(b"\xef\xbb\xbf" + BAD.replace("\n", "\r\n").encode())
    plant(here, **{"b.md": BAD})
    windows, unix = (lint(gather([name]).sources).findings for name in ("a.md", "b.md"))
    assert [(each.line, each.column, each.rule) for each in windows] == [
        (each.line, each.column, each.rule) for each in unix
    ]
    assert unix[0].line == 6


def test_standard_input_is_a_document(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert cli.main(["check", "-"]) == 1
    assert capsys.readouterr().out.startswith(f"{STANDARD_INPUT}:6:")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"ok\n\xff\xfe\n", r"a\.md: it is not UTF-8 text \(line 2\); save it as UTF-8"),
        ("Größe\n".encode("utf-16"), r"a\.md: it is not UTF-8 text .*"),
        (b"a\0b", r"a\.md: it holds a zero byte.*"),
        (b"x" * 5_000_001, r"a\.md: it is larger than 5 MB; check its parts"),
    ],
    ids=["latin-1", "UTF-16", "zero byte", "large"],
)
def test_what_cannot_be_read_is_one_line_and_status_2_and_the_rest_is_checked(
    data: bytes, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.md").write_bytes(data)
    plant(here, **{"b.md": BAD})
    assert cli.main(["check", "."]) == 2
    shown = capsys.readouterr()
    assert re.fullmatch(f"planning-kit: {said}\n", shown.err)
    assert "b.md:6:" in shown.out


def test_a_path_that_is_not_there_leads_to_the_reading_of_a_brief(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in ("nothing.md", "Build a shop for readers.", "", "x" * 5000, "a\0b"):
        assert cli.main(["check", path]) == 2
        said = capsys.readouterr().err
        assert re.fullmatch(r"planning-kit: no such file or folder: .*'planning-kit check --brief BRIEF'\n", said)


def test_a_pipe_is_not_waited_for(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(here / "a.md")
    assert cli.main(["check", "a.md"]) == 2
    assert "not a regular file" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["."],
        ["a.md", "--db", "oracle"],
        ["a.md", "--json", "--sarif"],
        ["a.md", "--sarif", "b.md"],
        ["c.json", "--sarif", "c.json"],
        ["-", "--fix"],
        ["a.md", "--repo", "nowhere"],
        ["a.md", "--brief", "A shop for readers."],
        ["--brief", "A shop for readers.", "--fix"],
        ["--brief", ""],
    ],
    ids=" ".join,
)
def test_what_does_not_go_together_is_one_line_and_touches_nothing(
    arguments: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if arguments != ["."]:
        plant(here, **{"a.md": GOOD, "b.md": GOOD, "c.json": "{}"})
    assert cli.main(["check", *arguments]) == 2
    assert re.fullmatch(r"planning-kit: .+\n", capsys.readouterr().err)
    assert not (here / "b.md").exists() or (here / "b.md").read_text() == GOOD


def test_a_brief_is_read_as_before(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant(here, **{"brief.md": "Readers must be able to read notes quickly.\n"})
    assert cli.main(["check", "--brief", "brief.md"]) == 0
    assert "'quickly' leaves open what is meant" in capsys.readouterr().out
    assert cli.main(["check", "--brief", "Readers must be able to read notes quickly.", "--json"]) == 0
    assert "passages" in capsys.readouterr().out


def test_findings_are_told_as_a_compiler_tells_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant(
        here,
        **{"docs/a.md": "# A\n\nSee [it](#nowhere).\n", "docs/b.md": GOOD + "\n```bicep\nx\n```\n\n```bicep\ny\n```\n"},
    )
    assert cli.main(["check", "docs"]) == 1
    said = capsys.readouterr().out.split("\n")
    assert re.fullmatch(r"docs/a\.md:3:5: error: .+ \[links-to-what-is-there, planning_kit\]", said[0])
    assert said[1:3] == ["    See [it](#nowhere).", "        ^"]
    assert re.fullmatch(r"  fix: .+", said[3])
    assert said[4:] == [
        "",
        "2 documents, 3 artefacts: 1 checked, 2 not checked; 1 error, 0 warnings",
        "not checked: bicep (2): no tool for bicep",
        "",
    ]


def test_no_error_is_status_0_and_quiet_leaves_warnings_away(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant(here, **{"a.md": GOOD.replace("```sql", "```")})
    assert cli.main(["check", "a.md"]) == 0
    assert "a.md:5:1: warning: " in capsys.readouterr().out
    assert cli.main(["check", "a.md", "--quiet"]) == 0
    said = capsys.readouterr().out.rstrip("\n").split("\n")
    assert said[0] == "1 document, 1 artefact: 0 checked, 1 not checked; 0 errors, 1 warning"


@pytest.mark.parametrize(
    ("source", "column", "shown"),
    [
        ("a b", 3, ["    a b", "      ^"]),
        ("a b", 0, ["    a b"]),
        ("a b", 99, ["    a b", "       ^"]),
        ("\tb", 2, ["        b", "        ^"]),
        ("日本 b", 4, ["    日本 b", "         ^"]),
        ("e\u0301b", 3, ["    e\u0301b", "     ^"]),
        ("\x1b[31mred", 6, ["    ␣U+001B[31mred", " " * 15 + "^"]),
        ("x" * 300, 1, ["    " + "x" * 120 + "…", "    ^"]),
        ("x" * 300, 300, ["    …" + "x" * 119 + "x", " " * 124 + "^"]),
    ],
)
def test_a_line_is_shown_with_a_mark_under_the_place(source: str, column: int, shown: list[str]) -> None:
    assert list(told.excerpt(source, column)) == shown


def test_a_long_line_is_cut_around_the_place() -> None:
    line, mark = told.excerpt("a" * 5000 + "HERE" + "\u202e" * 5000, 5001)
    assert line[len(mark) - 1 :].startswith("HERE␣U+202E")
    assert len(line) < 150


def test_hostile_text_cannot_steer_a_terminal(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "a\x1b]0;x\x07.md"
    (here / name).write_text("# A\n\n[x\x1b[2J](#n\x1b[31mo)\u202e\n")
    assert cli.main(["check", name]) == 1
    said = capsys.readouterr()
    assert not set("\x1b\x07\u202e") & set(said.out + said.err)


def test_programs_are_told_everything_as_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant(here, **{"a.md": BAD + "\n```bicep\nx\n```\n\nGröße\u202e\n"})
    assert cli.main(["check", "a.md", "--json"]) == 1
    said = capsys.readouterr().out
    assert said.isascii()
    facts = json.loads(said)
    (document,) = facts["documents"]
    (finding,) = document["findings"]
    assert set(finding) == {"line", "column", "rule", "tool", "severity", "message", "hint", "source"}
    assert (finding["line"], finding["rule"], finding["source"]) == (6, "parses-its-sql", BROKEN.rstrip())
    assert [(each["line"], each["kind"], bool(each["tool"])) for each in document["artefacts"]] == [
        (6, "sql", True),
        (10, "other", False),
    ]
    assert document["artefacts"][1]["why"] == "no tool for bicep"
    assert facts["counts"] == {
        "documents": 1, "artefacts": 2, "checked": 1, "not_checked": 1, "errors": 1, "warnings": 0,
    }  # fmt: skip


def test_sql_is_read_as_the_database_that_is_named(here: Path) -> None:
    plant(here, **{"a.md": GOOD})
    sources = gather(["a.md"]).sources
    abouts = [lint(sources, db=db).checked[0].about for db in ("", "postgres", "sqlserver", "mysql")]
    assert [about.dialect for about in abouts] == ["postgres", "postgres", "tsql", "mysql"]
    assert all(about.ignores for about in abouts)


def test_what_is_cited_of_a_codebase_is_looked_up_in_its_folder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant(
        here, **{"shop/app/orders.py": "x = 1\n", "a.md": "# A\n\nIt is in `app/orders.py:1` and `app/orders.py:9`.\n"}
    )
    assert cli.main(["check", "a.md", "--repo", "shop"]) == 1
    assert "app/orders.py has no line 9" in capsys.readouterr().out
    assert cli.main(["check", "a.md"]) == 0


def test_each_document_has_the_others_beside_it(here: Path) -> None:
    plant(here, **{"a.md": GOOD, "b.md": GOOD, "c.md": GOOD})
    checked = lint(gather(["."]).sources).checked
    assert [[other.name for other in each.about.beside] for each in checked] == [
        ["b.md", "c.md"],
        ["a.md", "c.md"],
        ["a.md", "b.md"],
    ]


def test_a_document_of_a_plan_has_its_consultants_sections_and_checks() -> None:
    text = f"# Data model\n\n{META.format('backend-plan')}\ntext\n"
    about = promised(Document("docs/planning/05-data-model.md", text))
    assert about.plan and "er-diagram" in about.checks and about.sections and not about.passages


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("05-data-model.md", "# Data model\n\ntext\n"),
        ("notes.md", f"# Notes\n\n{META.format('backend-plan')}\ntext\n"),
        ("05-data-model.md", f"# Data model\n\n{META.format('somebody-elses')}\ntext\n"),
        ("05-data-model.md", f"# Data model\n\n{META.format('x').rsplit('| 1 |')[0]}\ntext\n"),
    ],
    ids=["no meta block", "another name", "another recipe", "an empty meta block"],
)
def test_any_other_document_promises_nothing(name: str, text: str) -> None:
    about = promised(Document(name, text))
    assert (about.plan, about.sections, about.checks) == (False, (), ())


def test_a_persons_comment_silences_a_rule(here: Path) -> None:
    plant(here, **{"a.md": BAD.replace("```sql", "<!-- planning-kit: ignore parses-its-sql -->\n```sql")})
    assert lint(gather(["a.md"]).sources).findings == ()


def test_a_file_that_is_one_artefact_is_not_read_as_markdown(here: Path) -> None:
    plant(here, **{"a.sql": "-- [x](#nowhere)\n" + DDL, "b.sql": "-- planning-kit: ignore parses-its-sql\n" + BROKEN})
    assert lint(gather(["a.sql"]).sources).findings == ()
    assert lint(gather(["b.sql"]).sources).findings == ()


def test_the_command_starts_light(here: Path) -> None:
    plant(here, **{"a.md": "# A\n\nText.\n"})
    heavy = "{'pandas', 'IPython', 'papermill', 'nbformat', 'anthropic', 'jinja2', 'ipywidgets', 'mermaidx'}"
    code = f"import sys; from planning_kit import cli; cli.main(['check', 'a.md']); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1 document, 0 artefacts: 0 checked; 0 errors, 0 warnings\n[]\n"


def test_the_hooks_for_pre_commit_name_a_command_that_is_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hooks = yaml.safe_load((Path(__file__).parent.parent / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["planning-kit-check", "planning-kit-fix"]
    plant(here, **{"a.md": GOOD})
    for hook in hooks:
        program, *arguments = hook["entry"].split()
        assert (program, hook["language"], hook["require_serial"]) == ("planning-kit", "python", True)
        assert "markdown" in hook["types_or"]
        assert cli.main([*arguments, "a.md"]) == 0


def test_nothing_at_a_path_raises_what_says_so() -> None:
    with pytest.raises(OptionRefused, match="no such file or folder: 'nowhere'"):
        gather(["nowhere"])


def test_the_database_is_told_by_the_words_only_it_has_when_nobody_says(here: Path) -> None:
    mysql = "CREATE TABLE `a` (\n  id BIGINT AUTO_INCREMENT PRIMARY KEY\n) ENGINE=InnoDB;\n"
    for name, block in (("a.md", mysql), ("b.md", "SELECT id FROM `a` LIMIT 3;\n")):
        (here / name).write_text(f"# T\n\n```sql\n{block}```\n", encoding="utf-8")
    assert lint(gather(["."]).sources).findings == ()
    assert lint(gather(["."]).sources, db="postgres").count("error")


def test_a_link_to_a_file_that_is_not_there_is_found_and_one_that_is_there_is_not(here: Path) -> None:
    (here / "docs").mkdir()
    (here / "docs" / "logo.png").write_bytes(b"x")
    text = "# T\n\n![logo](logo.png) [gone](./missing.md) [up](../README.md)\n"
    (here / "docs" / "a.md").write_text(text, encoding="utf-8")
    (here / "README.md").write_text("# R\n\nx\n", encoding="utf-8")
    (finding,) = lint(gather(["docs"]).sources).findings
    assert (finding.line, finding.rule) == (3, "links-to-what-is-there") and "missing.md" in finding.message


def test_pipelines_below_a_folder_are_checked_though_they_are_hidden(here: Path) -> None:
    folder = here / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "ci.yml").write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    step: []\n", encoding="utf-8"
    )
    assert lint(gather(["."]).sources).count("error")


def test_a_secret_in_a_line_is_not_printed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = "Sup3r" + "S3cret!2026"
    text = f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n      DB_PASSWORD: {secret}\n    steps:\n      - run: make\n"
    (here / "a.md").write_text(f"# T\n\n```yaml\n{text}```\n", encoding="utf-8")
    assert cli.main(["check", "a.md"]) == 1
    assert cli.main(["check", "a.md", "--json"]) == 1
    said = capsys.readouterr().out
    assert "DB_PASSWORD" in said and secret not in said


def test_of_a_runs_folder_only_its_documents_are_checked(here: Path) -> None:
    for name in ("run/documents/plan/a.md", "run/versions/ab/old.md", "run/run.json"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text("# T\n\n[gone](gone.md)\n", encoding="utf-8")
    assert [each.document.name for each in lint(gather(["run"]).sources).checked] == ["run/documents/plan/a.md"]

"""SARIF 2.1.0 by the rules of the OASIS standard, as far as a code host reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from planning_kit import cli
from planning_kit.checks import rules
from planning_kit.document import Finding
from planning_kit.linter import sarif
from planning_kit.linter.lint import Checked, Linted, lint
from planning_kit.linter.sources import Source, gather

BAD = (
    "# Orders\n\n```sql\nCREATE TABLE a (id int,);\n```\n\n```sql\nCREATE TABLE a (id int,);\n```\n\n[x](#nowhere)\n\n"
    "```\nCREATE TABLE b (id int);\n```\n\n```bicep\nx\n```\n"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def logged(*paths: str) -> dict[str, Any]:
    gathered = gather(paths)
    return json.loads(json.dumps(sarif.log(lint(gathered.sources, gathered.refused))))  # type: ignore[no-any-return]


def holding(*findings: Finding) -> list[dict[str, Any]]:
    source = Source("a.md", Path("a.md"), b"one\ntwo\n")
    about = lint([source]).checked[0].about
    return sarif.log(Linted((Checked(source, about, findings, ()),)))["runs"][0]["results"]  # type: ignore[no-any-return]


def test_a_log_has_what_the_standard_requires(here: Path) -> None:
    (here / "a.md").write_text(BAD)
    log = logged("a.md")
    assert log["version"] == "2.1.0"  # 3.13.2
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "planning-kit" and driver["version"]  # 3.19.8
    assert run["columnKind"] == "unicodeCodePoints"  # 3.14.27
    assert run["invocations"][0]["executionSuccessful"] is True  # 3.20.14
    assert len(run["results"]) == 4


def test_every_result_points_to_its_rule_and_its_place(here: Path) -> None:
    (here / "a.md").write_text(BAD)
    (run,) = logged("a.md")["runs"]
    listed = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in listed}) == len(listed)
    for result in run["results"]:
        rule = listed[result["ruleIndex"]]  # 3.27.6
        assert rule["id"] == result["ruleId"] in rules()
        assert rule["shortDescription"]["text"].endswith(".")
        assert result["level"] == rule["defaultConfiguration"]["level"] in ("error", "warning")  # 3.27.10
        assert result["message"]["text"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"] == {"uri": "a.md", "uriBaseId": "%SRCROOT%"}
        region = location["physicalLocation"]["region"]
        assert region["startLine"] >= 1 and region.get("startColumn", 1) >= 1  # 3.30.5, 3.30.6
    assert [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in run["results"]] == [
        4,
        8,
        11,
        13,
    ]


def test_a_result_is_known_again_when_lines_above_it_change(here: Path) -> None:
    (here / "a.md").write_text(BAD)
    before = [result["partialFingerprints"] for result in logged("a.md")["runs"][0]["results"]]
    assert len({json.dumps(each) for each in before}) == len(before)
    (here / "a.md").write_text(BAD.replace("# Orders\n", "# Orders\n\nAnother sentence.\n"))
    assert [result["partialFingerprints"] for result in logged("a.md")["runs"][0]["results"]] == before


def test_a_finding_about_the_whole_stands_on_the_first_line() -> None:
    (result,) = holding(Finding("a.md", 0, "is-complete", "planning_kit", "error", "it is cut off"))
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_a_message_is_plain_text_with_its_hint_and_its_tool() -> None:
    said = Finding("a.md", 1, "r", "tool 1.2", "error", "see [x](https://e.org) and {0} in /a/{id}", 2, "write it\nso")
    (result,) = holding(said)
    assert result["message"]["text"] == "see [x] (https://e.org) and {{0}} in /a/{id} (fix: write it so) [tool 1.2]"


def test_a_path_is_a_relative_address(here: Path) -> None:
    folder = here / "my docs" / "Größe"
    folder.mkdir(parents=True)
    (folder / "a#1.md").write_text(BAD)
    (here / "my docs" / "b.md").write_text(BAD)
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in logged(str(folder), "./my docs/b.md")["runs"][0]["results"]
    }
    assert uris == {"my%20docs/Gr%C3%B6%C3%9Fe/a%231.md", "my%20docs/b.md"}


def test_a_document_outside_of_the_folder_has_a_whole_address(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a.md").write_text(BAD)
    (here / "in").mkdir()
    monkeypatch.chdir(here / "in")
    location = logged("../a.md")["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": (here / "a.md").as_uri()}


def test_what_was_not_checked_and_what_could_not_be_read_is_told(here: Path) -> None:
    (here / "a.md").write_text(BAD)
    (here / "b.md").write_bytes(b"\xff")
    (invocation,) = logged("a.md", "b.md")["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    said = [(each["level"], each["message"]["text"]) for each in invocation["toolExecutionNotifications"]]
    assert said[0] == ("error", "b.md: it is not UTF-8 text (line 1); save it as UTF-8")
    assert ("note", "not checked: bicep (1): no tool for bicep") in said


def test_a_log_goes_to_a_file_or_to_standard_output(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.md").write_text(BAD)
    assert cli.main(["check", "a.md", "--sarif"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert cli.main(["check", "a.md", "--sarif", "out/a.sarif"]) == 1
    assert json.loads((here / "out" / "a.sarif").read_text()) == printed
    assert "a.md:4:" in capsys.readouterr().out


def test_a_log_without_findings_has_empty_results(here: Path) -> None:
    (here / "a.md").write_text("# A\n\nText.\n")
    (run,) = logged("a.md")["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])

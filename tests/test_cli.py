"""The command line: exit statuses, one clear line on standard error, and the exact next command."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from planning_kit import cli
from planning_kit.errors import OptionRefused
from planning_kit.journal import signature_name
from planning_kit.loopback import Loopback
from planning_kit.order import Order
from planning_kit.run import Run

from .authors import agreed

TEXT = (
    "Readers must be able to read notes over HTTP. Each note has a title and a text. Editors create and delete notes."
)
BRIEFS = Path(__file__).parent / "briefs"


def kit(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANTHROPIC_", "PLANNING_KIT_"))}
    command = [sys.executable, "-m", "planning_kit", *arguments]
    quick = {
        "PLANNING_KIT_POSTGRES": "off"
    }  # what SQL does is other tests' business, and a server for each command takes its time
    return subprocess.run(
        command,
        cwd=cwd,
        env={**clean, **quick, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


class Here:
    """The command line in this process, in the folder ``cwd``; a run's notebooks have kernels of their own all the same."""

    def __init__(self, cwd: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.chdir(cwd)
        monkeypatch.setenv("PLANNING_KIT_POSTGRES", "off")
        self._capsys = capsys

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        self._capsys.readouterr()
        status = cli.main(arguments)
        said = self._capsys.readouterr()
        return subprocess.CompletedProcess(arguments, status, said.out, said.err)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(tmp_path, monkeypatch, capsys)


def the_run(cwd: Path) -> Path:
    return next((cwd / "outputs").glob("*/*/run.json")).parent


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'pydantic', 'anthropic', 'papermill', 'pandas', 'jinja2', 'yaml', 'IPython', 'nbformat', 'markdown_it'}"
    code = f"import sys; from planning_kit import cli; cli.parser().format_help(); print(sorted({heavy} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "no-such-brief.md"],
        ["run", ""],
        ["run", "br\udcff.md"],
        ["run", "/dev/zero"],
        ["run", TEXT, "--outputs", "x" * 300],
        ["status", "x" * 300],
        ["run", TEXT, "--recipe", "backend-plans"],
        ["run", TEXT, "--model", "claude-sonnet-5-5"],
        ["run", TEXT, "--set", "x=y"],
        ["status", "nothing"],
        ["approve", "nothing", "intake", "--by", "ann"],
        ["send-back", "nothing", "intake", "--by", "ann"],
        ["comment", "nothing", "intake", "why?", "--by", "ann"],
        ["diff", "nothing"],
        ["export", "nothing", "--to", "there"],
    ],
)
def test_bad_input_is_one_line_on_standard_error_and_status_2(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 2
    said = capsys.readouterr()
    assert re.fullmatch(r"planning-kit: .+\n", said.err)
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["plan"],
        ["run"],
        ["send-back", "x"],
        ["comment", "x", "intake", "y", "--at", "z"],
        ["run", TEXT, "--reviewer", "nobody"],
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    assert re.fullmatch(r"planning-kit: .+; see 'planning-kit.* --help'\n", capsys.readouterr().err)


def test_recipes_and_consultants_are_listed_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["recipes"]) == cli.main(["consultants"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "backend-plan", "full-plan", "implementation-plan", "service-design", "specification", "task-plan",
        "api-backend-tester", "api-specifier", "azure-devops-pipelines-expert", "azure-monitor-logs-expert", "backend-consultant", "backend-planner",
        "backend-summary", "compliance-consultant", "component-designer", "contract-consultant", "csharp-expert", "database-consultant", "decision-writer", "functionality-analyzer",
        "github-actions-expert", "gitlab-ci-expert", "intake-analyst", "opentelemetry-expert", "orchestrator", "python-backend-dev",
        "requirements-analyst", "security-consultant", "sequence-designer", "stack-consultant", "story-writer", "system-architect",
        "task-planner", "tech-research-advisor", "technology-researcher", "test-planner", "use-case-analyst",
    ]  # fmt: skip


@pytest.mark.long
def test_a_person_takes_a_brief_from_gate_to_gate_on_the_command_line(here: Here, tmp_path: Path) -> None:
    brief = tmp_path / "forum.md"
    brief.write_bytes((BRIEFS / "baxbench-forum.md").read_bytes())
    for phase in ("intake", "scope", "research", "consultants", "synthesis"):
        stopped = here("run", "forum.md", "--model", "offline")
        assert stopped.returncode == 3
        assert re.match(
            f"planning-kit: gate '{phase}' is closed: nobody has decided yet", stopped.stderr.splitlines()[-1]
        )
        approve = re.search(r"planning-kit (approve \S+ \S+ --by) NAME", stopped.stdout)
        assert approve is not None
        assert here(*approve.group(1).split(), "ann").returncode == 0
    done = here("run", "forum.md", "--model", "offline")
    assert done.returncode == 0, done.stderr
    assert "The plan is finished: MyForum" in done.stdout
    said = json.loads(here("status", "myforum", "--json").stdout)
    assert [(phase["name"], phase["decision"]["by"], phase["decision"]["how"]) for phase in said["phases"]] == [
        ("intake", "ann", "person"), ("scope", "ann", "person"), ("research", "ann", "person"), ("consultants", "ann", "person"), ("synthesis", "ann", "person"),
    ]  # fmt: skip
    out = here("export", "myforum", "--to", "handed")
    assert sorted(path.name for path in (tmp_path / "handed" / "planning-docs" / "myforum").iterdir()) == [
        "00-backend-summary.md", "03-research.md", "04-api-design.md", "05-data-model.md", "06-tech-recommendations.md",
        "07-security-requirements.md", "08-compliance-requirements.md", "RECORD.md", "facts.yaml",
    ], out.stderr  # fmt: skip


@pytest.mark.long
def test_the_clean_policy_takes_a_real_brief_to_the_end(tmp_path: Path) -> None:
    done = kit(
        "run",
        str(BRIEFS / "govstack-scheduler-bb.md"),
        "--model",
        "offline",
        "--reviewer",
        "clean",
        "--json",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["state"] == "finished"
    assert {phase["decision"]["how"] for phase in said["phases"]} == {"policy"}
    assert done.stderr.count("✓ Design complete. Saved to outputs/govstack-scheduler-bb/") == 7
    executed = sorted((the_run(tmp_path) / "notebooks").iterdir())
    assert [path.name for path in executed] == [
        "1_intake.ipynb",
        "2_research.ipynb",
        "5_consultants.ipynb",
        "6_synthesis.ipynb",
    ]
    assert str(tmp_path) not in "".join(path.read_text() for path in executed)


@pytest.mark.long
def test_a_finished_run_is_left_as_it_is_and_sending_it_back_on_the_command_line_gives_a_second_version(
    here: Here, tmp_path: Path
) -> None:
    assert kit("run", TEXT, "--model", "offline", "--reviewer", "clean", cwd=tmp_path).returncode == 0
    run = str(the_run(tmp_path))
    before = sorted((path, path.stat().st_mtime_ns) for path in the_run(tmp_path).rglob("*"))
    assert here("resume", run).returncode == 0
    assert sorted((path, path.stat().st_mtime_ns) for path in the_run(tmp_path).rglob("*")) == before
    comment = "Notes must also have an author."
    assert here("send-back", run, "consultants", "--by", "bob", "--comment", comment).returncode == 0
    assert kit("resume", run, cwd=tmp_path).returncode == 3
    api = next((the_run(tmp_path) / "documents").rglob("04-api-design.md")).read_text()
    assert "| 2 |" in api and "[R1]" in api
    assert here("approve", run, "consultants", "--by", "bob").returncode == 0
    assert here("resume", run, "--reviewer", "clean").returncode == 0


@pytest.fixture(scope="module")
def sent_on(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a run of the offline author is whose consultants have written; two people have to approve them."""
    folder = tmp_path_factory.mktemp("sent-on")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        people = folder / "reviewers.yaml"
        people.write_text("phases: {consultants: {people: 2}}\n")
        run, _ = Order(TEXT, model="offline", outputs=folder / "outputs", settings=[f"reviewers={people}"]).run()
        agreed(run).phase("consultants").consult()
    return folder


class Line:
    """The command line on a copy of a run: what it says and with which status, by what was typed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.outputs, self._capsys = folder / "outputs", capsys
        self.run = str(the_run(folder))

    def __call__(self, command: str, *more: str) -> tuple[int, str]:
        self._capsys.readouterr()
        status = cli.main([command, self.run, *more, "--outputs", str(self.outputs)])
        said = self._capsys.readouterr()
        assert not (said.out and said.err)
        return status, said.out or said.err

    def status(self, phase: str) -> dict[str, Any]:
        said = json.loads(self("status", "--json")[1])
        return next(each for each in said["phases"] if each["name"] == phase)


@pytest.fixture
def line(sent_on: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Line:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.setenv(name, {"GIT_AUTHOR_NAME": "Git", "GIT_AUTHOR_EMAIL": "git@example.org"}[name])
    return Line(Path(shutil.copytree(sent_on, tmp_path / "copy")), capsys)


def test_comments_on_the_command_line_find_section_and_quote_and_wait_to_be_sent_back(line: Line) -> None:
    status, said = line("comment", "consultants", "Say who.", "--document", "04-api-design", "--section", "endpoints")
    number = re.match(r"comment (\d+) by Git <git@example.org>: section 'Endpoints' of \S+04-api-design.md\n", said)
    assert status == 0 and number and "\n1 comment waits for: planning-kit send-back " in said
    api = next(Path(line.run).rglob("04-api-design.md"))
    at = next(
        at for at, text in enumerate(api.read_text().split("\n"), start=1) if text.startswith("| `GET` | `/notes` |")
    )
    said = line("comment", "consultants", "And when?", "--document", api.name, "--at", str(at), "--by", "bob")[1]
    assert re.match(r"comment \d+ by bob: section 'Endpoints', at “\| `GET` \| `/notes` \|.*” of \S+", said)
    assert "\n2 comments wait for: " in said
    pending = line.status("consultants")["pending"]
    assert [(each["section"], each["line"], each["by"]) for each in pending] == [
        ("Endpoints", 0, "Git <git@example.org>"), ("Endpoints", at, "bob"),
    ]  # fmt: skip
    assert line("comment", "consultants", "--withdraw", number.group(1)) == (
        0,
        f"comment {number.group(1)} is taken back\n",
    )
    assert "by bob waits to be sent back: section 'Endpoints', at “| `GET`" in line("status")[1]
    status, said = line("send-back", "consultants")
    assert status == 0 and re.search(r"\nrecord \d+, head [0-9a-f]{64}\b", said)
    assert said.startswith("consultants sent back by Git <git@example.org> at ") and " with 1 comment\n" in said
    assert len(re.findall(r"(?m)^  [0-9a-f]{12}  ", said)) == 1 and "And when?" in said
    assert line.status("consultants")["pending"] == []
    assert line("send-back", "consultants")[0] == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("Why?", "--section", "Endpoints"), "say which document of 'consultants': --document NAME; there is 04-api-design.md, 05-"),
        (("Why?", "--document", "4-api-design.md"), "no such document at 'consultants': '4-api-design.md'; did you mean '04-api-design.md'?"),
        (("Why?", "--document", "04-api-design.md", "--section", "Endpoint"), "no such section: 'Endpoint'; did you mean 'Endpoints'?"),
        (("Why?", "--document", "04-api-design.md", "--at", "9999"), "there is nothing at line 9999; it has "),
        (("", "--document", "04-api-design.md"), "a comment needs words, and at most 10,000 characters of them"),
        (("Why?", "--by", " "), "say who comments on 'consultants': --by NAME"),
        (("--withdraw", "3"), "no comment 3 waits at 'consultants'"),
    ],
)  # fmt: skip
def test_a_comment_that_leads_nowhere_is_one_line_and_status_2(line: Line, more: tuple[str, ...], said: str) -> None:
    status, told = line("comment", "consultants", *more)
    assert status == 2 and said in told and told.count("\n") == 1


def test_approving_says_what_was_named_what_is_missing_and_what_was_there_already(line: Line) -> None:
    status, said = line(
        "approve", "consultants", "--document", "04-api-design.md", "--document", "05-data-model", "--by", "ann"
    )
    assert status == 0 and said.count("planning-docs/") == 4
    assert re.search(r"(?m)^closed because \S+04-api-design.md and 1 more: approval of 1 more person is needed$", said)
    assert re.search(
        r"(?m)^closed because nobody has decided about \S+06-\S+ and 2 more yet: approval of 2 more people is needed$",
        said,
    )
    assert re.search(r"(?m)^record \d+, head [0-9a-f]{64}: ", said) and "\nnext: planning-kit resume " in said
    again = line("approve", "consultants", "--document", "04-api-design.md", "--by", "ann")
    assert again[0] == 0 and re.match(r"consultants already approved by ann at \S+; nothing was recorded\n", again[1])
    assert "record " not in again[1].replace("recorded", "")
    line("approve", "consultants", "--by", "ann")
    said = line("approve", "consultants", "--by", "bob")[1]
    assert "closed because" not in said
    assert line.status("consultants")["open"]


def test_an_approval_of_what_was_shown_is_refused_when_it_is_not_that_any_more(line: Line) -> None:
    shown = re.search(r"to decide about exactly this: --shown ([0-9a-f]{12})\n", line("status")[1])
    assert shown
    api = next(Path(line.run).rglob("04-api-design.md"))
    text = api.read_text()
    api.write_text(text + "\nMore.\n")
    for command in ("approve", "send-back"):
        status, said = line(command, "consultants", "--by", "ann", "--comment", "so", "--shown", shown.group(1))
        assert status == 3 and said.count("\n") == 1
        assert (
            f"'consultants' is not any more what was shown as {shown.group(1)}; look at it again: planning-kit status "
            in said
        )
    api.write_text(text)
    assert line("approve", "consultants", "--by", "ann", "--shown", shown.group(1))[0] == 0


def test_an_approval_signed_on_the_command_line_says_with_which_key(line: Line, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True, stdin=subprocess.DEVNULL
    )
    assert line("approve", "consultants", "--by", "Ann <ann@x.org>", "--sign", str(key))[0] == 0
    (record,) = (
        each for each in Run.open(Path(line.run)).journal.of("decided") if each.body["by"] == "Ann <ann@x.org>"
    )
    assert record.body["signed"].startswith("SHA256:")
    assert (Path(line.run) / signature_name(record.seq)).read_text().startswith("-----BEGIN SSH SIGNATURE-----")
    status, said = line("approve", "consultants", "--by", "bob", "--sign", str(tmp_path / "nothing"))
    assert status != 0 and said.count("\n") == 1
    assert not [each for each in Run.open(Path(line.run)).journal.of("decided") if each.body["by"] == "bob"]


def test_diff_says_what_changed_and_what_was_done_about_remarks(line: Line) -> None:
    assert line("diff") == (0, "nothing changed since the last version\n")
    line(
        "comment",
        "consultants",
        "Notes must also have an author.",
        "--document",
        "04-api-design.md",
        "--section",
        "Schemas",
    )
    line("send-back", "consultants", "--by", "bob")
    Run.open(Path(line.run)).phase("consultants").consult()
    status, said = line("diff")
    assert status == 0
    assert re.search(r"(?m)^  Section 'Schemas › Note' changed \(\+1 line\):$", said)
    assert "\n    + | `author` |" in said
    assert "\n  [R1] Git <git@example.org>: Notes must also have an author. (About section 'Schemas')\n" in said
    assert re.search(
        r"\n       answered: .*added field `Note.author`; section 'Schemas' changed \(\+\d+ −\d+ lines\)\n", said
    )
    assert "05-data-model" not in said
    assert re.match(
        r"\S+04-api-design.md, since it was sent back by bob at ",
        line("diff", "04-api-design.md", "--since-decision")[1],
    )
    assert line("diff", "05-data-model") == (0, line("diff", "05-data-model.md")[1])
    assert "Nothing changed." in line("diff", "05-data-model")[1]
    assert line("diff", "09-nothing.md")[0] == 2
    told = line("status")[1]
    assert re.search(
        r"\n +\[R1\] Git <git@example.org>: Notes must also have an author. \(section 'Schemas'\)\n +answered: ", told
    )
    (remark,) = line.status("consultants")["remarks"]
    assert (remark["remark"], remark["by"], remark["again"]) == ("R1", "Git <git@example.org>", True)


@pytest.mark.long
def test_killed_at_any_moment_and_again_the_same_command_finishes_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "planning_kit", "run", TEXT, "--model", "offline", "--reviewer", "clean"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANTHROPIC_", "PLANNING_KIT_"))}
    kept: dict[Path, bytes] = {}
    for seconds in (0.7, 2.4, 6.0):
        with (tmp_path / "log").open("wb") as log:
            killed = subprocess.Popen(command, cwd=tmp_path, env=clean, stdout=log, stderr=log)
            with contextlib.suppress(subprocess.TimeoutExpired):
                killed.wait(seconds)
            killed.send_signal(signal.SIGKILL)
            killed.wait()
        assert {path: path.read_bytes() for path in kept} == kept
        kept |= {path: path.read_bytes() for path in (tmp_path / "outputs").rglob("calls/*/*.json")}
        kept |= {path: path.read_bytes() for path in (tmp_path / "outputs").rglob("journal/*.json")}
        for notebook in (tmp_path / "outputs").rglob("*.ipynb"):
            json.loads(notebook.read_bytes())
    done = kit(*command[3:], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "outputs").glob("*/*/run.json"))) == 1
    assert {path: path.read_bytes() for path in kept} == kept
    assert len(list(the_run(tmp_path).rglob("calls/*/*.json"))) == 7
    assert not list((tmp_path / "outputs").rglob(".partial-*"))


@pytest.mark.long
def test_whoever_stops_reading_does_not_turn_a_waiting_run_into_a_finished_one(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANTHROPIC_", "PLANNING_KIT_"))}
    command = [sys.executable, "-m", "planning_kit", "run", TEXT, "--model", "offline"]
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        left = subprocess.run(command, cwd=tmp_path, env=clean, stdout=gone, stderr=gone, timeout=120, check=False)
    assert left.returncode == 3


def test_a_title_cannot_steer_the_terminal_and_commands_to_type_are_quoted(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text(
        "# Evil \x1b]0;pwned\x07\x1b[31mred\u202e\n\nUsers read notes.\n".replace("\x07", "")
    )
    stopped = kit("run", "b.md", "--model", "offline", "--outputs", "my out", cwd=tmp_path)
    assert stopped.returncode == 3
    assert "Evil" in stopped.stderr
    assert not {"\x1b", "\u202e"} & set(stopped.stderr + stopped.stdout)
    assert re.search(r"planning-kit approve 'my out/[^']+' intake --by NAME", stopped.stdout)


@pytest.mark.long
def test_a_model_that_says_no_stops_the_run_with_one_line_and_json_is_printed_all_the_same(tmp_path: Path) -> None:
    key = "test-key-0123456789"
    with Loopback(script=["status:401"] * 9) as server:
        keys = {"ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": key, "NO_PROXY": "127.0.0.1"}
        stopped = kit("run", TEXT, "--reviewer", "clean", "--json", cwd=tmp_path, **keys)
    assert stopped.returncode == 4
    assert json.loads(stopped.stdout)["state"] == "unfinished"
    assert "ANTHROPIC_API_KEY" in stopped.stderr.splitlines()[-1] and key not in stopped.stdout + stopped.stderr


def test_only_lab_hands_on_what_it_does_not_know() -> None:
    assert cli._parsed(["lab", "--no-browser", "--port=8999"])[1] == ["--no-browser", "--port=8999"]
    with pytest.raises(OptionRefused, match="unrecognized arguments: --no-browser"):
        cli._parsed(["status", "x", "--no-browser"])


def test_status_tells_the_cost_and_as_json_the_whole_of_it(here: Here, tmp_path: Path) -> None:
    Order(TEXT, model="offline", outputs=tmp_path / "outputs").run()
    (slug,) = (folder.name for folder in (tmp_path / "outputs").iterdir() if folder.is_dir())
    (the_run(tmp_path) / "estimate.json").write_text(
        '[{"phase": "consultants", "seat": "stack-consultant", "document": "06.md", "model": "claude-sonnet-5-5",'
        ' "read": 1000, "written": 8000, "dollars": 0.085}]'
    )
    assert "expected before the start: $0.09 (prices as of 20" in here("status", slug).stdout
    cost = json.loads(here("status", slug, "--json").stdout)["cost"]
    assert (cost["expected"], cost["off"], cost["dollars"]) == (0.085, None, 0.0)
    assert [seat["seat"] for seat in cost["seats"]] == ["stack-consultant"]

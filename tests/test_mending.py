"""What ``check --fix`` mends, what it leaves alone, and how it writes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from planning_kit import cli
from planning_kit.document import Document
from planning_kit.errors import DiskRefused, OptionRefused
from planning_kit.linter import contents
from planning_kit.linter.lint import lint
from planning_kit.linter.mending import Edit, edited, mend
from planning_kit.linter.sources import Source, gather

BROKEN = "flowchart LR\n  A[Order (new)] --> B[Paid]\n"
MENDED = 'flowchart LR\n  A["Order (new)"] --> B[Paid]\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fenced(text: str, lang: str = "mermaid") -> str:
    return f"# Orders\n\nHow it goes.\n\n```{lang}\n{text}```\n\nThat is all.\n"


def mended(here: Path, text: str, name: str = "a.md") -> str:
    """What is in a file after it was mended."""
    (here / name).write_text(text, encoding="utf-8")
    mend(lint(gather([name]).sources))
    return (here / name).read_text(encoding="utf-8")


DIAGRAMS = {
    "labels": (
        "flowchart LR\n  A[Order (new)] --> B{Paid {fully}?}\n  B -->|ok (200)| C(Ship (fast))\n  C -- again (3x) --> D[(Orders (main))]\n",
        'flowchart LR\n  A["Order (new)"] --> B{"Paid {fully}?"}\n  B -->|"ok (200)"| C("Ship (fast)")\n  C -- "again (3x)" --> D[("Orders (main)")]\n',
    ),
    "a path as a label": ("flowchart LR\n  A[/api/orders] --> B\n", 'flowchart LR\n  A["/api/orders"] --> B\n'),
    "titles of subgraphs": (
        "flowchart LR\n  subgraph Payments (external)\n    A --> B\n  end\n  subgraph eu [Europe (EU)]\n    C\n  end\n",
        'flowchart LR\n  subgraph "Payments (external)"\n    A --> B\n  end\n  subgraph eu ["Europe (EU)"]\n    C\n  end\n',
    ),
    "quotes in a label": ('flowchart LR\n  A[say "hi" (now)]\n', 'flowchart LR\n  A["say #quot;hi#quot; (now)"]\n'),
    "semicolons in messages": (
        "sequenceDiagram\n  A->>B: POST /orders; returns 201\n  Note over A,B: first; second\n  B-->>A: done;\n",
        "sequenceDiagram\n  A->>B: POST /orders#59; returns 201\n  Note over A,B: first#59; second\n  B-->>A: done;\n",
    ),
    "a node called end": (
        "flowchart TD\n  subgraph one\n    a --> b\n  end\n  b --> end\n  end --> c[the end]\n",
        "flowchart TD\n  subgraph one\n    a --> b\n  end\n  b --> End\n  End --> c[the end]\n",
    ),
    "two faults": (
        "flowchart TD\n  a[Order (new)] --> end\n",
        'flowchart TD\n  a["Order (new)"] --> End\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), DIAGRAMS.values(), ids=DIAGRAMS)
def test_a_diagram_is_mended(before: str, after: str, here: Path) -> None:
    assert mended(here, fenced(before)) == fenced(after)


LEFT = {
    "a diagram that is right": fenced(
        'flowchart LR\n  A["(x)"] --> B(y) --> C[(z)] --> D[/w/] --> E([v]) --> F{{u}}\n'
    ),
    "a fault no mend helps": fenced("flowchart LR\n  A[Order (new)] --> B[Paid]\n  C --> ]\n"),
    "an end beside an End": fenced("flowchart LR\n  a --> end\n  b --> End\n"),
    "text without a language": fenced("just words\nand more\n", ""),
}


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_what_is_right_or_cannot_be_mended_safely_is_left_alone(text: str, here: Path) -> None:
    assert mended(here, text) == text


def test_a_fence_around_a_file_that_is_a_diagram_is_taken_out(here: Path) -> None:
    assert mended(here, f"```mermaid\n{MENDED}```\n", "a.mmd") == MENDED


def test_the_language_of_a_fence_is_named(here: Path) -> None:
    text = fenced("CREATE TABLE a (id int PRIMARY KEY);\n", "")
    assert mended(here, text) == text.replace("```\nCREATE", "```sql\nCREATE")


def test_a_fence_in_a_list_is_mended_where_it_stands(here: Path) -> None:
    text = "# A\n\n- Like this:\n\n  ```mermaid\n  flowchart LR\n    A[x (y)] --> B\n  ```\n"
    assert mended(here, text) == text.replace("[x (y)]", '["x (y)"]')


CONTENTS = (
    "# Plan\n\n## Contents\n\n- [Overview](#overview)\n  - [Aims](#aims)\n- [Old name](#old-name)\n- [Data](#data)\n\n"
    "## Overview\n\ntext\n\n### Aims\n\ntext\n\n### Limits\n\ntext\n\n## API\n\ntext\n\n## Data\n\ntext\n"
)


def test_a_table_of_contents_follows_the_headings(here: Path) -> None:
    after = "- [Overview](#overview)\n  - [Aims](#aims)\n  - [Limits](#limits)\n- [API](#api)\n- [Data](#data)\n\n## Overview"
    start, end = CONTENTS.index("- ["), CONTENTS.index("## Overview") + len("## Overview")
    assert mended(here, CONTENTS) == CONTENTS[:start] + after + CONTENTS[end:]


@pytest.mark.parametrize(
    ("entries", "after"),
    [
        (("1. [A](#a)", "2. [B](#gone)", "3. [C](#c)"), ("1. [A](#a)", "2. [B two](#b-two)", "3. [C](#c)")),
        (("* [A](#a)", "* [*B*](#b-two)", "* [C](#c)"), ("* [A](#a)", "* [B two](#b-two)", "* [C](#c)")),
        (("- [A](#a)", "- [`B` two](#b-two)", "- [C](#c)"), ("- [A](#a)", "- [`B` two](#b-two)", "- [C](#c)")),
        (("- [X](#x)", "- [Y](#y)", "- [Z](#z)"), ("- [X](#x)", "- [Y](#y)", "- [Z](#z)")),
    ],
    ids=["numbers", "other words", "marks", "links that are no contents"],
)
def test_contents_keep_their_marks(entries: tuple[str, ...], after: tuple[str, ...]) -> None:
    document = Document("a.md", "# P\n\n" + "\n".join(entries) + "\n\n## A\n\nx\n\n## B two\n\nx\n\n## C\n\nx\n")
    (listed,) = contents.tables(document)
    assert listed.line == 3
    assert contents.written(document, listed) == after


def test_line_ends_and_a_byte_order_mark_stay(here: Path) -> None:
    before = b"\xef\xbb\xbf" + fenced(BROKEN).replace("\n", "\r\n").encode().replace(
        b"That is all.\r\n", b"That is all.\n"
    )
    (here / "a.md").write_bytes(before)
    mend(lint(gather(["a.md"]).sources))
    assert (here / "a.md").read_bytes() == before.replace(b"A[Order (new)]", b'A["Order (new)"]')


@pytest.mark.parametrize(
    ("data", "edit", "after"),
    [
        (b"a\nb\nc\n", Edit(2, 1, ("B",), ""), b"a\nB\nc\n"),
        (b"a\r\nb\nc", Edit(1, 1, ("A",), ""), b"A\r\nb\nc"),
        (b"a\nb\nc", Edit(3, 1, ("C",), ""), b"a\nb\nC"),
        (b"a\nb\nc\n", Edit(2, 1, (), ""), b"a\nc\n"),
        (b"a\r\nb\r\n", Edit(2, 1, ("b", "c"), ""), b"a\r\nb\r\nc\r\n"),
        (b"a\nb", Edit(2, 1, ("b", "c"), ""), b"a\nb\nc"),
        (b"a\rb\rc\r", Edit(2, 1, ("B",), ""), b"a\rB\rc\r"),
    ],
)
def test_edits_touch_their_lines_only(data: bytes, edit: Edit, after: bytes) -> None:
    assert edited(data, (edit,)) == after


def test_what_was_mended_is_said_and_the_status_is_of_what_is_left(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.md").write_text(fenced(BROKEN))
    (here / "b.md").write_text(fenced("CREATE TABLE a (id int,);\n", "sql"))
    assert cli.main(["check", ".", "--fix"]) == 1
    said = capsys.readouterr().out.split("\n")
    assert said[0] == 'mended a.md: put the label in quotes: A["Order (new)"] (line 7)'
    assert said[1].startswith("b.md:6:")
    assert cli.main(["check", "a.md", "--fix"]) == 0
    assert "mended" not in capsys.readouterr().out


def test_nothing_to_mend_writes_nothing(here: Path) -> None:
    (here / "a.md").write_text(fenced(MENDED))
    before = (here / "a.md").stat()
    mend(lint(gather(["a.md"]).sources))
    after = (here / "a.md").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_who_may_read_a_file_stays_and_a_link_stays_a_link(here: Path) -> None:
    (here / "real.md").write_text(fenced(BROKEN))
    os.chmod(here / "real.md", 0o600)
    (here / "a.md").symlink_to("real.md")
    mend(lint(gather(["a.md"]).sources))
    assert (here / "a.md").is_symlink()
    assert (here / "real.md").read_text() == fenced(MENDED)
    assert stat.S_IMODE((here / "real.md").stat().st_mode) == 0o600
    assert sorted(path.name for path in here.iterdir()) == ["a.md", "real.md"]


def test_a_file_that_was_changed_meanwhile_is_not_written(here: Path) -> None:
    (here / "a.md").write_text(fenced(BROKEN))
    linted = lint(gather(["a.md"]).sources)
    (here / "a.md").write_text("somebody else's words\n")
    with pytest.raises(DiskRefused, match="a.md was changed while it was checked"):
        mend(linted)
    assert (here / "a.md").read_text() == "somebody else's words\n"


def test_standard_input_cannot_be_mended() -> None:
    with pytest.raises(OptionRefused, match="standard input"):
        mend(lint([Source("<stdin>", None, fenced(BROKEN).encode())]))

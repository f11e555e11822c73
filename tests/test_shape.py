"""A document has the shape its template asks for; a template may be anybody's."""

from __future__ import annotations

import time

import pytest

from planning_kit.checks import PLAN, promised, shape
from planning_kit.checks.about import About
from planning_kit.document import Document
from planning_kit.template import sections

from .specification_documents import FOLDER, TEXTS

TEMPLATE = """## Overview

> A few words.

## Orders

| Name | Why |
|---|---|

### OR-<DOM>-<NN>: <Title>

| Item | Value |
|---|---|

#### Flow

```mermaid
sequenceDiagram
```

#### Call

```bash
curl
```

## Parts

### <Part>

```yaml
kind: part
```

## Limits

### Hard

### Soft

## Layers

```text
+
```
"""
GOOD = """# Title

## Overview

Words.

## Orders

| Name | Why | Who |
|---|---|---|
| a | b | c |

### OR-EVE-01: One order

| Item | Value |
|---|---|
| a | b |

#### Flow

```mermaid
---
title: it
---
sequenceDiagram
  A->>B: hello
```

#### Call

```sh
set -e
curl https://example.org
```

## Parts

### Wheel

```yml
# a part
kind: "part"
```

### Review remarks

Anything may stand here.

## Limits

### Hard

None.

### Soft

None.

## Layers

```
┌─────┐
│ API │
└─────┘
```

## Key decisions

One.
"""


def told(text: str, template: str = TEMPLATE) -> list[tuple[int, str]]:
    wrongs = shape.follows_its_template(Document("a.md", text), About(template=template))
    return [(each.line, each.message) for each in wrongs]


def line(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_document_of_the_shape_raises_no_alarm_and_without_a_template_nothing_is_asked() -> None:
    assert told(GOOD) == []
    assert told("", "") == told("# T\n", " \n") == []
    assert shape.follows_its_template in PLAN
    said = (shape.follows_its_template.__doc__ or "").splitlines()[0]
    assert said in promised(About(template=TEMPLATE)) and said not in promised(About())


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("| Name | Why | Who |", "| Name | What | Who |", "## Orders", "'Orders' has no table | Name | Why |"),
        ("| Item | Value |", "| Value | Item |", "| Value |", "the table of 'OR-EVE-01: One order' has its columns in another order"),
        ("### OR-EVE-01: One order", "### Order one", "## Orders", "'Orders' has no heading of the form 'OR-<DOM>-<NN>: <Title>'"),
        ("#### Flow", "#### Stream", "### OR-EVE-01", "'OR-EVE-01: One order' has no heading 'Flow'"),
        ("sequenceDiagram\n", "graph TD\n", "```mermaid", "'Flow' of 'OR-EVE-01: One order' has no mermaid block with 'sequenceDiagram'"),
        ("```sh\n", "```python\n", "#### Call", "'Call' of 'OR-EVE-01: One order' has no bash block with 'curl'"),
        ("### Wheel", "A wheel", "## Parts", "'Parts' has no heading of the form '<Part>'"),
        ('kind: "part"', "kind: whole", "```yml", "'Wheel' has no yaml block with 'kind: part'"),
        ("### Soft\n", "", "## Limits", "'Limits' has no heading 'Soft'"),
        ("┌─────┐\n│ API │\n└─────┘", "API, then domain", "```\nAPI", "'Layers' has no text block with '+'"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_with_its_section(old: str, new: str, at: str, message: str) -> None:
    text = GOOD.replace(old, new, 1)
    assert (line(text, at), message) in told(text)


def test_a_table_that_lacks_a_column_is_told_where_it_stands_and_which_one() -> None:
    template = "## A\n\n| One | Two | Three |\n|---|---|---|\n"
    text = "# T\n\n## A\n\n| One | Three |\n|---|---|\n| 1 | 3 |\n"
    assert told(text, template) == [(5, "the table of 'A' has no column 'Two'")]
    assert told("# T\n\n## A\n\n| `One` (1) | **Two** | three |\n|---|---|---|\n", template) == []


def test_a_section_may_say_that_there_is_none_but_a_repeated_heading_may_not_leave_out_its_blocks() -> None:
    template = "## A\n\n| One |\n|---|\n\n```mermaid\ngraph TD\n```\n\n### <Part>\n\n#### Flow\n\n```mermaid\ngraph TD\n```\n\n## B\n\n### X\n\n### Y\n"
    assert told("# T\n\n## A\n\nThere are none.\n\n## B\n\nNone stated.\n", template) == []
    text = "# T\n\n## A\n\nThere are no tables.\n\n### One\n\n#### Flow\n\nNone.\n\n## B\n\nNone stated.\n"
    assert told(text, template) == [(9, "'Flow' of 'One' has no mermaid block with 'graph TD'")]


def test_a_missing_section_is_said_once_by_the_check_of_sections() -> None:
    assert told("# T\n\n## Overview\n\nWords.\n") == []
    assert sections(TEMPLATE) == ("Overview", "Orders", "Parts", "Limits", "Layers")


def test_sections_of_a_form_are_asked_for_and_are_none_of_the_sections() -> None:
    template = "# A title\n\n## Area <Name>\n\n### Rules\n\n## End\n\n```md\n## Not a heading\n```\n"
    assert sections(template) == ("End",)
    assert told("# T\n\n## End\n\nWords.\n\n```md\n## Not a heading\n```\n", template) == [(0, "there is no section of the form 'Area <Name>'")]  # fmt: skip
    text = "# T\n\n## Area one\n\n### Rules\n\nA.\n\n## Area two\n\nB.\n\n## End\n\n```md\n## Not a heading\n```\n"
    assert told(text, template) == [(9, "'Area two' has no heading 'Rules'")]


@pytest.mark.parametrize(
    ("form", "fits", "does_not"),
    [
        ("US-<DOM>-<NN>: <Title>", "US-EVE-01: Cancel: late", "US-eve-01: Cancel"),
        ("US-<DOM>-<NN>: <Title>", "US-E2-0001: x", "US-EVE-01:"),
        ("<METHOD> <path>", "GET /", "GET orders"),
        ("<METHOD> <path>", "DELETE /orders/{id}", "FETCH /orders"),
        ("<Group of requirements>", "Anything", ""),
        ("From <A> to <B>", "From here to there", "From here"),
        ("<A> (<B>)", "one (two)", "one two"),
        ("a.b <x>", "a.b c", "a-b c"),
    ],
)
def test_a_form_fits_headings_with_something_in_its_brackets(form: str, fits: str, does_not: str) -> None:
    known = shape.form(form)
    assert known is not None
    assert known.fits(fits) and not known.fits(does_not)


def test_several_headings_of_one_form_are_alternatives() -> None:
    template = "## A\n\n### <Diagram>\n\n```mermaid\ngraph TD\n```\n\n### <Table>\n\n| X |\n|---|\n"
    text = "# T\n\n## A\n\n### One\n\n```mermaid\nflowchart TD\n  A --> B\n```\n\n### Two\n\n| X |\n|---|\n| 1 |\n"
    assert told(text, template) == []
    assert told(text.replace("| X |", "| Z |"), template) == [(12, "'Two' has no mermaid block with 'graph TD'")]


@pytest.mark.parametrize("kind", TEXTS)
def test_a_section_with_nothing_but_words_lacks_what_each_shipped_template_asks_for(kind: str) -> None:
    template = (FOLDER / f"{kind}.md").read_text(encoding="utf-8")
    assert told(TEXTS[kind], template) == []
    bare = "# T\n\n" + "".join(f"## {title}\n\nWords.\n\n" for title in sections(template))
    assert len(told(bare, template)) >= 3 if kind != "user-stories" else 2


@pytest.mark.parametrize(
    "template",
    [
        "## " + "<A>x" * 5_000,
        "## <" * 3_000 + "\n\n### " + ">" * 3_000,
        "".join(f"## S{at}\n\n### <A{at}> <B> <C>\n\n```\n```\n\n" for at in range(300)),
        "###### <x>\n\n## <y>\n\n#### <y>\n\n```\n",
        "\x00## |\n|-|\n> [",
    ],
)
def test_any_template_is_read_in_time(template: str) -> None:
    text = "# T\n\n" + "".join(f"## S{at}\n\n### {'xA' * 400}\n\n| a |\n|---|\n| b |\n\n" for at in range(300))
    began = time.process_time()
    told(text, template)
    told(template, template)
    assert time.process_time() - began < 5

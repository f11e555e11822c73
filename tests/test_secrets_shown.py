"""No secret is taken in with an order, a decision or an edit, and none is shown: in no output, traceback, picture or panel."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from planning_kit import redact, view
from planning_kit.document import Document, Finding
from planning_kit.errors import BriefRefused, FactsRefused, OptionRefused
from planning_kit.facts import Facts
from planning_kit.findings import Findings, page
from planning_kit.model import Request
from planning_kit.order import Order
from planning_kit.remarks import Anchor
from planning_kit.review import Review
from planning_kit.run import Run

from .authors import Writer, agreed, good

SHAPED = "sk-ant-api03-" + "Abc123Xyz9" * 4
USED = "Zq7-plant,ed+3kEy/9f=Xv2TwM8rB"
"""Of no known shape; a secret because a variable with such a name holds it."""
BRIEF = "A shop sells books.\n\nA reader borrows a book."


@pytest.fixture(autouse=True)
def _planted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTED_API_KEY", USED)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    begun, _ = Order(BRIEF, model="offline", outputs=tmp_path / "outputs").run()
    return begun


@pytest.fixture
def written(run: Run) -> Run:
    agreed(run, "Ann")
    Run(run.store, author=Writer).phase("consultants").consult()
    return run


def holds(shown: str) -> bool:
    """Whether a secret stands in what is shown, in one of its pictures too."""
    pictures = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", shown)
    whole = "\n".join([shown, *(base64.b64decode(each).decode() for each in pictures)])
    return SHAPED in whole or USED in whole or SHAPED[13:] in whole


@pytest.mark.parametrize("secret", [SHAPED, USED])
def test_nothing_shows_a_secret(secret: str) -> None:
    text = f"# The key {secret}\n\nuse `{secret}` | [{secret}](https://a.example/?k={secret}) ![{secret}](x)\n\n```mermaid\nflowchart LR\n A[{secret}] --> B\n```\n\n| a |\n|---|\n| {secret} | {secret} |\n"
    finding = Finding("a.md", 1, "rule", "tool", "error", f"not {secret}", hint=f"write {secret}")
    found = Findings([finding], [Document("a.md", text)])
    shown = [
        view.html(text),
        view.plain(text),
        view.visible(secret),
        view.escape(secret),
        view.figure(f"flowchart LR\n A[{secret}] --> B"),
        *(each for shown in (
            view.box("stop", [secret, f"it says {secret}"]), view.table([secret], [[secret]]),
            view.document(Document("a.md", text), secret, [secret]), page(Document("a.md", text), found),
        ) for each in (shown.html, shown.text)),
        *found._repr_mimebundle_().values(),
        found.table.to_html(),
    ]  # fmt: skip
    assert [each for each in shown if holds(each)] == []
    assert "[REDACTED:" in shown[0] and "<img " in shown[0]


def test_a_secret_that_markdown_puts_together_is_not_shown_either() -> None:
    for spelled in (
        SHAPED.replace("-", "&#45;"),
        SHAPED.replace("-", "\\-"),
        f"[x](y '{SHAPED.replace('-', '&#x2d;')}')",
    ):
        assert not holds(view.html(spelled))


def test_lines_stay_where_they_are_when_a_secret_of_several_lines_goes() -> None:
    key = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n" * 6 + "-----END PRIVATE KEY-----"
    page = view.html(f"{key}\n\n## After\n", lines=True)
    assert '<h2 data-line="10">After</h2>' in page and "MIIEvQ" not in page


@pytest.mark.parametrize("value", ["password", "postgres", "12345678", "short"])
def test_a_password_that_is_a_word_garbles_no_document(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PASSWORD", value)
    assert view.html(f"the {value} is asked for") == f"<p>the {value} is asked for</p>\n"


def test_a_brief_with_a_secret_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "brief.md"
    path.write_text(f"{BRIEF}\nThe key is {SHAPED}.\n")
    with pytest.raises(BriefRefused, match=r"brief.md, line 4: this looks like a secret \(anthropic-key\); take it out") as why:  # fmt: skip
        Order(str(path), model="offline", outputs=tmp_path / "outputs").run()
    assert not holds(str(why.value))
    assert not (tmp_path / "outputs").exists()


@pytest.mark.parametrize(
    "order",
    [{"settings": [f"effort={SHAPED}"]}, {"settings": ["api_key=x"]}, {"model": SHAPED}, {"recipe": SHAPED}],
    ids=["a setting's value", "a setting's name", "the model", "the recipe"],
)
def test_a_parameter_that_looks_like_a_secret_is_refused_before_anything_is_written(
    order: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(OptionRefused, match="looks like a secret and would be kept with the run") as why:
        Order(BRIEF, outputs=tmp_path / "outputs", **{"model": "offline", **order}).run()
    assert not holds(str(why.value))
    assert not (tmp_path / "outputs").exists()


def with_a_secret(run: Run) -> Facts:
    """The facts, with a secret in what a domain is about."""
    now = run.sheet.now
    domain = now.domains[0].model_copy(update={"about": f"Books and {SHAPED}."})
    return now.model_copy(update={"domains": (domain, *now.domains[1:])})


def test_what_a_person_says_with_a_secret_in_it_is_not_recorded(written: Run) -> None:
    consultants, name = written.phase("consultants"), written.phase("consultants").names[0]
    text, seen = consultants.path(name).read_text(), dict(consultants.subject)
    before = written.journal.head
    for said in (
        lambda: consultants.comment(Anchor(name), f"use {SHAPED}", "Ann"),
        lambda: consultants.comment(Anchor(name, quote=SHAPED), "not this one", "Ann"),
        lambda: consultants.approve("Ann", f"with {SHAPED}"),
        lambda: consultants.send_back("Ann", f"use {SHAPED}"),
        lambda: consultants.edit(name, f"{text}\n{SHAPED}\n", "Ann", seen[name]),
        lambda: written.sheet.write(with_a_secret(written), "person", "Ann", "corrected"),
        lambda: written.sheet.write(written.sheet.now, "person", "Ann", f"it is {SHAPED}"),
    ):
        with pytest.raises(OptionRefused, match="looks like a secret"):
            said()
    assert written.journal.head == before
    files = [
        path for path in written.folder.rglob("*") if path.is_file() and SHAPED in path.read_text(errors="replace")
    ]
    assert files == []


def test_facts_that_a_person_wrote_a_secret_into_are_not_taken_up(run: Run) -> None:
    run.sheet.path.write_text(run.sheet.text.replace("domains:", f"# {SHAPED}\ndomains:", 1))
    with pytest.raises(FactsRefused, match=r"facts.yaml holds what looks like a secret; take it out"):
        run.phase("intake").approve("Ann")
    assert run.phase("intake").gate.decision is None


def test_a_panel_shows_no_secret_of_a_document_and_does_not_hand_it_out_to_be_edited(written: Run) -> None:
    consultants, name = written.phase("consultants"), written.phase("consultants").names[0]
    path = consultants.path(name)
    decided = path.read_text().replace("## Key decisions\n", f"## Key decisions\n\n\u202e{SHAPED}\n")
    path.write_text(f"{decided}\n## More {SHAPED}\n\n`{USED}`\n")
    receipts = "\n".join(map(str, consultants.receipts))
    assert "␣U+202E[REDACTED:anthropic-key]" in receipts and not holds(receipts)
    review = Review(consultants)
    assert not holds(json.dumps(review.state()))
    with pytest.raises(OptionRefused, match="holds what looks like a secret and is not shown to be edited"):
        review.text(name)
    assert not holds(json.dumps(Run(written.store).phase("consultants")._repr_mimebundle_()))


class Telling(Writer):
    """Says a secret in everything it writes."""

    def write(self, request: Request) -> str:
        return good(request, f"The key is {SHAPED} [P1].")


def test_a_model_that_says_a_secret_is_not_quoted_in_any_file(run: Run) -> None:
    agreed(run, "Ann")
    Run(run.store, author=Telling).phase("consultants").consult()
    texts = [path.read_text("utf-8") for path in run.folder.rglob("*") if path.suffix in (".json", ".md", ".yaml")]
    assert not any(holds(text) for text in texts)
    assert sum("[REDACTED:anthropic-key]" in text for text in texts) >= 5


TRACED = """
from planning_kit.cell import install
install(); install()
import os
key = os.environ["PLANTED_API_KEY"]
raise ValueError(f"refused: {key} and SHAPED")
""".replace("SHAPED", SHAPED)


def test_a_traceback_in_a_live_notebook_holds_no_secret() -> None:
    manager, client = start_new_kernel(kernel_name="python3")
    shown: list[dict[str, Any]] = []
    try:
        for cell in (TRACED, "raise RuntimeError(key) from ValueError(key)", "1 / 0"):
            client.execute_interactive(cell, timeout=60, output_hook=shown.append, allow_stdin=False)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    errors = [message["content"] for message in shown if message["msg_type"] == "error"]
    assert [error["ename"] for error in errors] == ["ValueError", "RuntimeError", "ZeroDivisionError"]
    assert errors[0]["evalue"].startswith("refused: [REDACTED:key-in-use] and [REDACTED:anthropic-key]")
    assert errors[2]["evalue"] == "division by zero" and any("1 / 0" in re.sub(r"\x1b\[[0-9;]*m", "", line) for line in errors[2]["traceback"])  # fmt: skip
    assert not holds(json.dumps(errors))


@pytest.mark.parametrize("name", ["api_key", "ANTHROPIC_AUTH_TOKEN", "db.password", "clientSecret", "signing-key", "x_pwd"])  # fmt: skip
def test_a_name_that_promises_a_secret_is_enough_to_be_refused(name: str) -> None:
    assert redact.looks_secret(name, "x")

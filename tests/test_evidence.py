"""What a document cites of a codebase is there and holds what is said, by the digest authors read and by a folder on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from planning_kit.checks import check
from planning_kit.checks.about import About, Code
from planning_kit.checks.cited_code import Digest, Folder
from planning_kit.codebase import read_codebase
from planning_kit.document import Document

ORDERS = """\
from fastapi import APIRouter

router = APIRouter(prefix="/orders")


class OrderService:
    def create(self, body: dict) -> dict:
        return body

    def cancel(self, order_id: str) -> None:
        pass


@router.get("/{id}")
def read_order(id: str): ...

LIMIT = 100
"""
FILES = {
    "app/orders.py": ORDERS,
    "app/main.py": "from fastapi import FastAPI\n\nfrom app.orders import router\n\napp = FastAPI()\napp.include_router(router)\n",
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi==0.115"]\n',
    "web/app/(shop)/[id]/page.tsx": "export default function Page() { return null }\n",
    "Dockerfile": "FROM python:3.12\n",
}
GOOD = [
    "The routes (app/orders.py:14) stay.",
    "`OrderService` (`app/orders.py:6`) is extended.",
    "`OrderService.cancel()` in `app/orders.py:10` is kept.",
    "`app/orders.py:6-11` holds `OrderService`.",
    "`OrderService` (app/orders.py:8) is near enough.",
    "The stack is FastAPI (pyproject.toml:3), built by Dockerfile:1.",
    "The page is web/app/(shop)/[id]/page.tsx:1.",
    "It listens on localhost:8080, 127.0.0.1:80 and db.internal:5432, at 10:30.",
    "Images: `postgres:16`, `redis:7-alpine`, `ghcr.io/shop/orders.api:1`, python:3.12-slim.",
    "See https://example.org/app/missing.py:12 and docs.rs:443.",
    "```text\napp/missing.py:12\n```",
    "Files app/orders.py and app/new.py are named without a line.",
    "The ratio is 3:1, the time 10:15:30, the verse a.b:3.",
    "| What | Where |\n|---|---|\n| `read_order` | `app/orders.py:15` |",
    "`LIMIT` at app/orders.py:17 and [the service](app/orders.py:6).",
    "The id `urn:shop:order:12` and the key `orders.yaml` are no lines.",
    "| `POST` | `app/orders.py:7` |\n|---|---|",
    "It runs on `FastAPI` (pyproject.toml:3) and `Pythons` (Dockerfile:1).",
    "As [P4] says, `cancel` (app/orders.py:10-11).",
]
BAD = [
    ("The routes (app/routes.py:14) stay.", 13, "app/routes.py is not in the codebase"),
    ("The service (`orders.py:6`) is there.", 15, "cite app/orders.py:6"),
    ("The service (`src/app/orders.py:6`).", 15, "cite app/orders.py:6"),
    ("It ends at app/orders.py:400.", 12, "app/orders.py has no line 400"),
    ("`OrderService` (`app/orders.py:17`) is extended.", 18, "does not hold OrderService: there stands 'LIMIT = 100'"),
    ("`OrderRepository` (app/orders.py:6) is there.", 20, "there stands 'class OrderService:'"),
    ("`PaymentService` in `app/main.py:1-3`.", 22, "does not hold PaymentService"),
    ("`app/orders.py:10` (`refund`) is there.", 2, "does not hold refund"),
    ("`app/orders.py:6`: `Invoice`", 2, "does not hold Invoice"),
    ("From app/orders.py:11-6 on.", 6, "ends before it begins"),
    ("`app/orders.py:6-90`", 2, "has no line 90"),
    ("Line 0 of app/main.py:0.", 11, "has no line 0"),
    ("It is `create` → `app/main.py:5`", 19, "does not hold create"),
    ("`OrderService::cancel` (app/main.py:5)", 25, "does not hold OrderService::cancel"),
    ("See Makefile:3 and compose.yaml:4.", 5, "Makefile is not in the codebase"),
    ("See web/app/(shop)/[name]/page.tsx:1.", 5, "is not in the codebase"),
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def found(text: str, code: Code | None) -> list[tuple[int, str]]:
    findings = check(Document("x.md", f"{text}\n"), About(plan=False, code=code))
    return [(each.column, f"{each.message}; {each.hint}") for each in findings if each.rule == "cites-lines-that-exist"]


@pytest.mark.parametrize("text", GOOD)
def test_lines_that_exist_are_cited(text: str, shop: Path) -> None:
    assert found(text, Folder(shop)) == []
    assert found(text, Digest(read_codebase(shop).digest)) == []


@pytest.mark.parametrize(("text", "column", "says"), BAD)
def test_a_line_that_is_not_there_or_holds_something_else_is_named(
    text: str, column: int, says: str, shop: Path
) -> None:
    (first, *_) = found(text, Folder(shop))
    assert first[0] == column and says in first[1]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("app/routes.py:14", True),
        ("`OrderService` (`app/orders.py:10`)", True),
        ("`OrderService` (`app/orders.py:4`)", False),
        ("`Anything` (`app/orders.py:17`)", False),
        ("app/orders.py:400", False),
        ("web/x/y.ts:3", True),
    ],
)
def test_the_digest_says_what_it_shows_and_no_more(text: str, wrong: bool) -> None:
    shown = "\n".join(f"  {line}".rstrip() for line in ORDERS.split("\n")[:16])
    code = Digest(f"Tree\n- app/ 1 file: orders.py\nExcerpts\n--- app/orders.py:1-16\n{shown}")
    assert bool(found(text, code)) == wrong


def test_a_digest_that_left_files_out_proves_nothing_about_them(shop: Path) -> None:
    for number in range(12):
        (shop / "app" / f"part{number}.py").write_text("x = 1\n")
    code = Digest(read_codebase(shop).digest)
    assert code.line("app/part11.py", 1) == "" and code.line("web/none.ts", 1) is None
    cut = Digest(code.text + "\nLeft out\n- 40 more files (budget)\n")
    assert cut.line("web/none.ts", 1) == "" and cut.line("app/orders.py", 17) == "LIMIT = 100"
    assert cut.line("app/orders.py", 16) == " "


def test_a_folder_gives_nothing_from_outside_it(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("KEY = 1\n")
    (shop / "link.py").symlink_to(tmp_path / "secret.py")
    (shop / "up").symlink_to(tmp_path)
    code = Folder(shop)
    for path in ("../secret.py", "link.py", "up/secret.py", str(tmp_path / "secret.py"), "app", "a\x00b"):
        assert code.line(path, 1) is None


def test_what_is_no_text_or_too_large_is_there_and_not_shown(shop: Path) -> None:
    (shop / "model.json").write_bytes(b"{}\x00")
    (shop / "large.sql").write_bytes(b"-- x\n" * 500_000)
    code = Folder(shop)
    assert (code.line("model.json", 3), code.line("large.sql", 9)) == ("", "")


def test_both_ways_to_look_up_code_can_stand_in_what_is_known(shop: Path) -> None:
    @dataclass(frozen=True)
    class Held:
        code: Code

    assert len({Held(Digest("a")), Held(Digest("a")), Held(Folder(shop)), Held(Folder(shop))}) == 3
    assert found("app/none.py:3", None) == []


def test_a_hostile_line_is_read_in_time(shop: Path) -> None:
    for text in ("(" * 100_000 + ":1", "a/" * 100_000 + "b.py:1", "a.py:1" * 20_000, "`a` " * 30_000 + "x.py:1"):
        found(text, Folder(shop))

"""Conventions are stated only where a clear majority follows them, each with lines that show it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from planning_kit.codebase.stack.conventions import conventions
from planning_kit.codebase.tree import Tree


def plant(root: Path, files: dict[str, str]) -> Tree:
    root.mkdir(exist_ok=True)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))
    return Tree.read(root)


def said(tree: Tree, topic: str, path: str = ".") -> list[str]:
    return [str(statement) for statement in conventions(tree, path) if statement.topic == topic]


NAMING = {
    "python": (
        {
            "app/order_api.py": "def read_order(): ...\ndef cancel_order(): ...\n",
            "app/user_api.py": "def read_user(): ...\nclass OrderReader: ...\n",
            "app/cart_api.py": "x = 1\n",
            "app/main.py": "y = 1\n",
            "tests/test_order.py": "def test_it(): ...\n",
            "tests/test_user.py": "def test_it(): ...\n",
            "tests/test_cart.py": "def test_it(): ...\n",
        },
        [
            "files are named in snake_case (3 of 3) (app/cart_api.py:1, app/order_api.py:1)",
            "functions are named in snake_case (3 of 3) (app/order_api.py:1, app/order_api.py:2)",
            "tests are named test_*.py (3 of 3) (tests/test_cart.py:1, tests/test_order.py:1)",
        ],
    ),
    "typescript": (
        {
            "src/order-items/order-items.service.ts": "export class A {\n  async findOne() {}\n}\nexport const sumUp = (a: number) => a;\n",
            "src/order-items/order-items.controller.ts": "export function readAll() {}\n",
            "src/line-items/line-items.service.ts": "export async function readOne() {}\n",
            "src/line-items/line-items.service.spec.ts": "it('x')\n",
        },
        [
            "files are named in kebab-case (3 of 3) (src/line-items/line-items.service.ts:1, src/order-items/order-items.controller.ts:1)",
            "files are named by role: line-items.service.ts (3 of 3) (src/line-items/line-items.service.ts:1, src/order-items/order-items.service.ts:1)",
            "functions are named in camelCase (4 of 4) (src/line-items/line-items.service.ts:1, src/order-items/order-items.controller.ts:1)",
        ],
    ),
    "no majority": (
        {
            "a_b.py": "def oneTwo(): ...\n",
            "cD.py": "def one_two(): ...\n",
            "e_f.py": "def threeFour(): ...\n",
            "gH.py": "def three_four(): ...\n",
        },
        [],
    ),
    "too few": ({"a_b.py": "def one_two(): ...\n", "c_d.py": "x = 1\n"}, []),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), NAMING.values(), ids=list(NAMING))
def test_names_follow_a_majority_or_nothing_is_said(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert said(plant(tmp_path, files), "Naming") == expected


def test_code_grouped_by_layer_is_told_from_code_grouped_by_feature(tmp_path: Path) -> None:
    layers = plant(
        tmp_path / "layers",
        {
            f"app/{layer}/{noun}.py": "x = 1\n"
            for layer in ("controllers", "services", "models")
            for noun in ("order", "user")
        },
    )
    assert said(layers, "Layout") == [
        "code is grouped by layer: controllers, models, services (app/controllers/order.py:1, app/models/order.py:1)"
    ]
    features = plant(
        tmp_path / "features",
        {
            f"src/{noun}/{layer}.py": "x = 1\n"
            for layer in ("router", "service", "models")
            for noun in ("order", "user")
        },
    )
    assert said(features, "Layout") == [
        "code lies under src/ (6 of 6 files) (src/order/models.py:1, src/order/router.py:1)",
        "code is grouped by feature: order, user (2 folders) (src/order/models.py:1, src/user/models.py:1)",
    ]


def test_where_tests_lie_is_told(tmp_path: Path) -> None:
    beside = plant(
        tmp_path / "a", {f"pkg/{name}{end}": "package pkg\n" for name in "abc" for end in (".go", "_test.go")}
    )
    assert said(beside, "Layout") == ["tests lie beside the code (3 of 3) (pkg/a_test.go:1, pkg/b_test.go:1)"]
    apart = plant(tmp_path / "b", {f"tests/test_{name}.py": "x = 1\n" for name in "abc"} | {"app/a.py": "x = 1\n"})
    assert said(apart, "Layout") == ["tests lie in tests/ (3 of 3) (tests/test_a.py:1, tests/test_b.py:1)"]


ERRORS = {
    "problem details": (
        {"app.py": "# application/problem+json\n\n\ndef f():\n    return r(media_type='application/problem+json')\n"},
        ["errors are answered as problem+json (RFC 9457) (app.py:5)"],
    ),
    "envelope": (
        {"a.ts": "res.status(404).json({\n  error: { code: 'x', message: 'y' } });\nres.json({ error: { code: 'z' } });\n"},
        ['errors are answered as {"error": {…}} (a.ts:2, a.ts:3)'],
    ),
    "detail": (
        {"a.py": "raise HTTPException(404, detail='x')\nraise HTTPException(\n    status_code=1,\n    detail='y',\n)\n"},
        ['errors are answered as {"detail": …} (a.py:1, a.py:4)'],
    ),
    "exceptions": (
        {
            "errors.py": "class DomainError(Exception): ...\nclass NotFoundError(DomainError): ...\nclass ConflictError(DomainError): ...\n",
            "main.py": "@app.exception_handler(DomainError)\ndef handle(request, error): ...\n",
        },
        ["errors are raised as DomainError (2 kinds) and mapped in one handler (errors.py:1, main.py:1)"],
    ),
    "express": ({"app.js": "app.use((err, req, res, next) => {\n  res.status(500).send();\n});\n"}, ["errors are mapped to answers in one handler (app.js:1)"]),
    "spring": ({"A.java": "@RestControllerAdvice\nclass A {}\n"}, ["errors are mapped to answers in one handler (A.java:1)"]),
    "mixed": ({"a.py": "x = {'detail': 1}\ny = {'error': {'code': 1}}\nz = {'detail': 2}\nw = {'error': {'code': 2}}\n"}, []),
    "nothing": ({"a.py": "x = 1\n"}, []),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), ERRORS.values(), ids=list(ERRORS))
def test_how_errors_are_told_is_shown_by_lines(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert said(plant(tmp_path, files), "Errors") == expected


def test_each_package_has_its_own_conventions(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {f"api/app/{name}_x.py": "x = 1\n" for name in "abc"} | {f"web/src/{name}Page.ts": "x\n" for name in "abc"},
    )
    assert said(tree, "Naming", "api") == [
        "files are named in snake_case (3 of 3) (api/app/a_x.py:1, api/app/b_x.py:1)"
    ]
    assert said(tree, "Naming", "web") == [
        "files are named in camelCase (3 of 3) (web/src/aPage.ts:1, web/src/bPage.ts:1)"
    ]


def test_every_line_that_shows_a_convention_exists(tmp_path: Path) -> None:
    for at, (files, _) in enumerate([*NAMING.values(), *ERRORS.values()]):
        tree = plant(tmp_path / str(at), files)
        for statement in conventions(tree, "."):
            assert statement.evidence
            for evidence in statement.evidence:
                assert 1 <= evidence.line <= len(tree.text(evidence.path).splitlines())


def test_an_empty_or_hostile_folder_has_no_conventions(tmp_path: Path) -> None:
    assert conventions(plant(tmp_path / "empty", {}), ".") == ()
    texts = {
        "(" * 50_000,
        "class A(" * 20_000,
        "a" * 100_000,
        "error: " * 20_000,
        "status(4" * 20_000,
        " " * 100_000,
        "\n" * 100_000,
    }
    assert conventions(plant(tmp_path / "bad", {f"x{n}.py": text for n, text in enumerate(sorted(texts))}), ".") == ()

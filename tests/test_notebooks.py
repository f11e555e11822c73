"""The notebooks stay thin: prose for an architect, a few calls of the package, and nothing left over from a run."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat import validate
from nbformat.v4 import reads

from planning_kit import open_run, open_runs, pipeline
from planning_kit.catalog import Catalog

NOTEBOOKS = sorted(pipeline.notebooks_folder().glob("*.ipynb"))
BRANCHES = (ast.If, ast.For, ast.While, ast.Try, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
BRANCHES += (ast.With, ast.Match, ast.IfExp, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)
PHASES = [path for path in NOTEBOOKS if path.stem != "0_runs"]
"""The notebooks of phases: all but the one that lists the runs."""
PARAMETERS = {
    "0_runs": {"outputs": "../outputs", "run": "", "other": ""},
    "1_intake": {
        "run": "",
        "brief": "",
        "repo": "",
        "recipe": "backend-plan",
        "model": "auto",
        "options": "",
        "based_on": "",
        "outputs": "../outputs",
        "reviewer": "person",
    },
    "2_research": {"run": "", "outputs": "../outputs", "reviewer": "person"},
    "3_specification": {"run": "", "outputs": "../outputs", "reviewer": "person"},
    "4_architecture": {"run": "", "outputs": "../outputs", "reviewer": "person"},
    "5_consultants": {"run": "", "outputs": "../outputs", "reviewer": "person"},
    "6_synthesis": {"run": "", "outputs": "../outputs", "reviewer": "person"},
    "7_tasks": {"run": "", "outputs": "../outputs", "reviewer": "person"},
}

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
each_phase = pytest.mark.parametrize("path", PHASES, ids=[path.stem for path in PHASES])


def book(path: Path) -> Any:
    return reads(path.read_text("utf-8"))


def code(path: Path) -> Iterator[Any]:
    """The notebook's code cells."""
    return (cell for cell in book(path).cells if cell.cell_type == "code")


def parameters(path: Path) -> dict[str, Any]:
    """The values in its one parameters cell."""
    (cell,) = (cell for cell in code(path) if "parameters" in cell.metadata.get("tags", []))
    return {line.targets[0].id: ast.literal_eval(line.value) for line in ast.parse(cell.source).body}  # type: ignore[attr-defined]


def test_every_recipe_has_its_notebooks() -> None:
    wanted = {notebook for recipe in Catalog.read().recipes.values() for notebook in recipe.notebooks}
    assert wanted == {path.stem for path in PHASES}


@each
def test_it_is_a_valid_notebook_for_python(path: Path) -> None:
    validate(book(path))
    assert book(path).metadata.kernelspec.name == "python3"


@each
def test_it_is_committed_without_outputs_counts_or_metadata(path: Path) -> None:
    for cell in code(path):
        assert (cell.outputs, cell.execution_count) == ([], None)
    assert set(book(path).metadata) == {"kernelspec", "language_info"}
    assert all(set(cell.metadata) <= {"tags"} for cell in book(path).cells)


@each
def test_it_has_one_parameters_cell_with_plain_defaults(path: Path) -> None:
    assert parameters(path) == PARAMETERS[path.stem]


@each
def test_a_cell_holds_a_few_calls_and_no_control_flow(path: Path) -> None:
    for cell in code(path):
        assert len([line for line in cell.source.splitlines() if line.strip()]) <= 12
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, BRANCHES)]
    assert len(book(path).cells) <= 15


@each
def test_every_name_it_imports_from_the_package_exists(path: Path) -> None:
    imports = [
        n
        for cell in code(path)
        for n in ast.walk(ast.parse(cell.source))
        if isinstance(n, (ast.Import, ast.ImportFrom))
    ]
    assert imports
    for line in imports:
        assert isinstance(line, ast.ImportFrom)
        assert (line.module or "").split(".")[0] == "planning_kit"
        for name in line.names:
            module = importlib.import_module(str(line.module))
            assert hasattr(module, name.name) or importlib.import_module(f"{line.module}.{name.name}")


@each
def test_running_a_cell_twice_finds_its_parameters_as_they_were(path: Path) -> None:
    given = set(parameters(path))
    for cell in code(path):
        if "parameters" in cell.metadata.get("tags", []):
            continue
        names = {
            n.id for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        assert not names & given


@each_phase
def test_it_opens_the_run_with_what_it_was_given(path: Path) -> None:
    (call,) = (
        node
        for cell in code(path)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == open_run.__name__
    )
    passed = {argument.id for argument in call.args if isinstance(argument, ast.Name)} | {
        str(k.arg) for k in call.keywords
    }
    assert passed == set(parameters(path)) - ({"reviewer"} if "brief" not in parameters(path) else set())


def test_the_notebook_of_all_runs_opens_them_and_compares_the_two_it_is_given() -> None:
    source = "\n".join(cell.source for cell in code(NOTEBOOKS[0]))
    assert NOTEBOOKS[0].stem == "0_runs"
    assert f"{open_runs.__name__}(outputs)" in source
    assert "chosen(run, other, outputs)" in source


@each_phase
def test_it_ends_with_a_gate_that_is_shown_and_then_required(path: Path) -> None:
    source = "\n".join(cell.source for cell in code(path))
    assert re.search(r"\.review\(reviewer\)[\s\S]*\.require\(\)", source)


@each
def test_it_says_what_the_phase_is_for_and_what_to_look_at(path: Path) -> None:
    prose = " ".join(cell.source for cell in book(path).cells if cell.cell_type == "markdown")
    assert prose.startswith("# ")
    assert "Every cell may be run twice" in prose
    assert "Before approving" in prose

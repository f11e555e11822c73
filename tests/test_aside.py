"""What runs aside cannot hang, fill or take down the process that asks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time

import pytest

from planning_kit import aside
from planning_kit.aside import Undone, call

HERE = "tests.test_aside"


def doubled(text: str) -> str:
    return text * 2


def counted(text: str) -> list[object]:
    print("this is lost")
    return [text, os.getpid(), time.monotonic()]


def forever(text: str) -> None:
    while True:
        pass


def greedy(text: str) -> int:
    held = [bytearray(100_000_000) for _ in range(100)]
    return len(held)


def deep(text: str) -> object:
    return deep(text)


def ends(text: str) -> None:
    os._exit(3)


def refuses(text: str) -> None:
    raise ValueError(f"not {text}")


def variables(text: str) -> list[str]:
    return sorted(os.environ)


@pytest.fixture(autouse=True)
def _found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-api03-" + "x" * 20)
    aside._close()


def test_a_call_gives_what_the_function_gives_and_is_made_once() -> None:
    assert call(f"{HERE}:doubled", "ab") == "abab"
    first, again = call(f"{HERE}:counted", "x"), call(f"{HERE}:counted", "x")
    assert first == again and first[1] != os.getpid()
    assert call(f"{HERE}:counted", "y")[1] == first[1]


def test_what_takes_too_long_ends_in_time_and_the_next_call_is_answered() -> None:
    began = time.monotonic()
    with pytest.raises(Undone, match=r"longer than 0\.5 s"):
        call(f"{HERE}:forever", "x", seconds=0.5)
    assert call(f"{HERE}:doubled", "after") == "afterafter"
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("task", "why"),
    [
        ("greedy", "memory"),
        ("deep", "nested too deep"),
        ("ends", "its process died"),
        ("refuses", "ValueError: not text"),
        ("missing", "AttributeError"),
    ],
)
def test_what_goes_wrong_is_said_and_hurts_nobody(task: str, why: str) -> None:
    with pytest.raises(Undone, match=why):
        call(f"{HERE}:{task}", "text")
    assert call(f"{HERE}:doubled", task) == task * 2


def test_no_credential_reaches_the_process() -> None:
    assert not [name for name in call(f"{HERE}:variables", "x") if name.startswith("ANTHROPIC")]


def test_calls_from_several_threads_each_get_their_own_answer() -> None:
    answers: dict[str, str] = {}
    threads = [threading.Thread(target=lambda n=n: answers.update({n: call(f"{HERE}:doubled", n)})) for n in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {name: name * 2 for name in "abcdefgh"}


def test_the_process_ends_with_the_one_that_asked() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from planning_kit.aside import call; print(call('tests.test_aside:counted', 'x')[1])"],
        capture_output=True,
        text=True,
        check=True,
    )
    number = json.loads(said.stdout)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and os.path.exists(f"/proc/{number}"):
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{number}")


def test_importing_the_package_and_its_checks_loads_no_checker() -> None:
    tools = ["openapi_spec_validator", "jsonschema", "jsonschema_rs", "mermaidx", "quickjs", "sqlfluff", "sqlglot", "ast_grep_py", "graphql", "gherkin", "promql_parser", "psycopg", "pandas", "anthropic", "IPython", "ipywidgets", "papermill"]  # fmt: skip
    script = (
        f"import sys, planning_kit, planning_kit.checks; print([name for name in {tools!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"

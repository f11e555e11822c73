"""The rules of a task plan, each broken by itself in a plan that somebody else wrote; how a plan is recognised, read and placed; what is published of it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from planning_kit import checks
from planning_kit.aside import call
from planning_kit.checks.about import About
from planning_kit.checks.artefact import artefacts
from planning_kit.checks.cited_code import Digest, Folder
from planning_kit.checks.tasks.places import Places
from planning_kit.cli import main
from planning_kit.document import Document, Finding
from planning_kit.tasks.model import TaskPlan
from planning_kit.tasks.schema import PUBLISHED, published

Json = Any

CRITERIA = {
    "critical": ["Migration runs", "Webhook signature verification"],
    "expected": ["Auth enforced"],
    "nice_to_have": [],
}
TESTED = {"critical": ["Tests pass"], "expected": [], "nice_to_have": []}
VERDICT = {"critical": ["Returns structured verdict"], "expected": [], "nice_to_have": []}


def critique(order: int, of: Json) -> Json:
    names = ("task_order", "skill_id", "task_name", "description")
    return {
        "task_name": f"QA: Validate {of['task_name']}",
        "description": "Review it",
        "skill_id": "backend-critique",
        "task_order": order,
        "dependencies": [of["task_order"]],
        "inputs": {
            "original_prompt": "Build subscription API with Stripe",
            "preceding_task": {name: of[name] for name in names},
            "validation_criteria": copy.deepcopy(of["validation_criteria"]),
        },
        "validation_criteria": VERDICT,
        "timeout_seconds": 1800,
    }


def foreign() -> Json:
    """A plan in the bare format, as somebody else writes one; it breaks no rule."""
    build = {
        "task_name": "Build subscription service", "description": "Create migrations, models and handlers", "skill_id": "backend-development",
        "task_order": 1, "dependencies": [],
        "inputs": {"requirements": "Subscriptions with Stripe", "files_to_create": ["migrations/001.sql", "src/subscriptions.go"], "files_to_modify": []},
        "validation_criteria": CRITERIA, "timeout_seconds": 3600,
    }  # fmt: skip
    test = {
        "task_name": "Write subscription tests", "description": "Integration tests with mocked Stripe", "skill_id": "backend-testing", "task_order": 3,
        "dependencies": [2], "inputs": {"requirements": "Happy paths and errors", "files_to_test": ["src/subscriptions.go"], "test_types": ["unit"]},
        "validation_criteria": TESTED, "timeout_seconds": 3600,
    }  # fmt: skip
    return {
        "status": "planned",
        "category": "backend",
        "architecture": {
            "summary": "Subscriptions",
            "endpoints": [
                {"method": "POST", "path": "/subscriptions", "purpose": "Create one", "auth": "required"},
                {"method": "POST", "path": "/webhooks/stripe", "purpose": "Handle events", "auth": "public"},
            ],
            "data_models": [
                {"name": "Subscription", "purpose": "Its state", "table": "subscriptions", "key_fields": ["id"]}
            ],
            "services": ["SubscriptionService - lifecycle"],
            "external_integrations": ["Stripe API"],
        },
        "tasks": [build, critique(2, build), test, critique(4, test)],
    }


def found(value: Json, **known: Any) -> list[Finding]:
    text = value if isinstance(value, str) else json.dumps(value, indent=1)
    return list(checks.check(Document("task-plan.json", text), About(plan=False, checks=("plan-files",), **known)))


def said(value: Json, **known: Any) -> list[tuple[str, str, str]]:
    """Severity, path and sentence of each finding, without the name of the task."""
    told = [
        (each.severity, *re.sub(r" \(task .*?'\):", ":", each.message, count=1).split(": ", 1))
        for each in found(value, **known)
    ]
    return [(severity, path, sentence) for severity, path, sentence in told]


def test_a_plan_of_somebody_else_passes_and_comes_back_byte_for_byte() -> None:
    text = json.dumps(foreign(), indent=2) + "\n"
    assert found(text) == []
    assert TaskPlan.read(text).text == text


def at(path: str, value: Json) -> Callable[[Json], None]:
    """Put ``value`` at ``path`` (``tasks.0.inputs``)."""

    def put(plan: Json) -> None:
        *above, last = path.split(".")
        for part in above:
            plan = plan[int(part) if part.isdigit() else part]
        plan[int(last) if last.isdigit() else last] = value

    return put


def both(*changes: Callable[[Json], None]) -> Callable[[Json], None]:
    """One change after the other."""

    def change(plan: Json) -> None:
        for each in changes:
            each(plan)

    return change


def unsafe(plan: Json) -> None:
    """Have the first maker be about passwords, without a word about what keeps them safe."""
    plan["tasks"][0]["inputs"]["requirements"] = "Subscriptions, with a password reset"
    plan["tasks"][0]["validation_criteria"] = plan["tasks"][1]["inputs"]["validation_criteria"] = TESTED


RULES: dict[str, tuple[Callable[[Json], None], list[tuple[str, str, str]]]] = {
    "rule 1": (
        at("tasks.0.inputs.files_to_modify", ["src/routes.go"]),
        [("warning", "$.tasks[0].inputs.files_to_modify", "modifies 'src/routes.go', which no earlier task creates, and names no patterns_to_follow")],
    ),
    "rule 3, no file": (at("tasks.2.inputs", {"requirements": "x"}), [("error", "$.tasks[2].inputs", "this maker is given no file to work on")]),
    "rule 3, upwards": (
        at("tasks.0.inputs.files_to_create.0", "../a.go"), [("error", "$.tasks[0].inputs.files_to_create[0]", "'../a.go' leads upwards")],
    ),
    "rule 3, twice": (
        at("tasks.0.inputs.files_to_modify", ["./src/subscriptions.go"]),
        [("error", "$.tasks[0].inputs.files_to_modify[0]", "'./src/subscriptions.go' is under files_to_create too")],
    ),
    "rule 4": (
        unsafe, [("warning", "$.tasks[0].validation_criteria", "is about 'password', and no requirement or criterion says what keeps it safe")],
    ),
    "rule 4, by what is delivered": (
        both(unsafe, at("tasks.0.delivers", {"operations": ["POST /subscriptions", "POST /webhooks/stripe"], "tables": ["subscriptions"]})),
        [("error", "$.tasks[0].validation_criteria", "delivers POST /subscriptions for callers who have signed in, and says nothing of who may call")],
    ),
    "rule 5": (lambda plan: plan["tasks"].pop(), [("error", "$.tasks[2]", "no critique stands right behind this maker")]),
    "rule 6": (
        at("tasks.3.task_order", 5), [("error", "$.tasks[3].task_order", "is 5 where 4 follows")],
    ),
    "rule 7, missing": (
        lambda plan: plan["tasks"][3]["inputs"].pop("preceding_task"), [("error", "$.tasks[3].inputs", "this critique has no preceding_task")],
    ),
    "rule 7, another skill": (
        at("tasks.3.inputs.preceding_task.skill_id", "testing"),
        [("error", "$.tasks[3].inputs.preceding_task.skill_id", "is 'testing', and task 3 has 'backend-testing'")],
    ),
    "rule 8, dropped": (
        lambda plan: plan["tasks"][1]["inputs"]["validation_criteria"]["critical"].pop(0),
        [("error", "$.tasks[1].inputs.validation_criteria.critical", "lacks 'Migration runs', which task 1 has")],
    ),
    "rule 8, added": (
        lambda plan: plan["tasks"][1]["inputs"]["validation_criteria"]["nice_to_have"].append("More"),
        [("error", "$.tasks[1].inputs.validation_criteria.nice_to_have[0]", "'More' is no criterion of task 1")],
    ),
    "rule 8, turned round": (
        lambda plan: plan["tasks"][1]["inputs"]["validation_criteria"]["critical"].reverse(),
        [("error", "$.tasks[1].inputs.validation_criteria.critical", "has the criteria of task 1 in another order, or one of them twice")],
    ),
    "the request": (
        at("tasks.3.inputs.original_prompt", "Build it"),
        [("error", "$.tasks[3].inputs.original_prompt", "is 'Build it', and critique 2 has 'Build subscription API with Stripe'")],
    ),
    "a maker waits for a maker": (
        at("tasks.2.dependencies", [1, 2]), [("warning", "$.tasks[2].dependencies[0]", "task 1 is a maker, whose work nobody has checked yet")],
    ),
    "a critique of another task": (
        lambda plan: plan["tasks"].__setitem__(3, critique(4, plan["tasks"][0]) | {"task_name": "Another"}),
        [("error", "$.tasks[3].inputs.preceding_task", "is about task 1, and task 3 stands right before it")],
    ),
    "one file at the same time": (
        both(at("tasks.2.dependencies", []), at("tasks.2.inputs.files_to_create", ["migrations/001.sql"])),
        [
            ("error", "$.tasks[2].inputs.files_to_create[0]", "'migrations/001.sql' is created by task 1 already"),
            ("warning", "$.tasks[2].inputs.files_to_create[0]", "migrations/001.sql is written by task 1 too, and nothing keeps the two from being done at the same time"),
            ("warning", "$.tasks[2].inputs.files_to_test[0]", "'src/subscriptions.go' is created by task 1, and this task does not wait for it"),
        ],
    ),
    "delivers": (
        at("tasks.0.delivers", {"operations": ["post /subscriptions/", "GET /gone"], "tables": ["subscription"]}),
        [
            ("error", "$.architecture.endpoints[1]", "no maker delivers POST /webhooks/stripe"),
            ("error", "$.architecture.data_models[0]", "no maker delivers the table 'subscriptions'"),
            ("error", "$.tasks[0].delivers.operations[1]", "the architecture has no endpoint 'GET /gone'"),
            ("error", "$.tasks[0].delivers.tables[0]", "the architecture has no table 'subscription'"),
        ],
    ),
    "a verdict": (
        at("tasks.1.verdict_schema", {"type": "object", "required": ["findings"]}),
        [("error", "$.tasks[1].verdict_schema", "allows an answer without a verdict")],
    ),
    "waves": (at("waves", [[1], [2, 3], [4]]), [("error", "$.waves[1]", "has 3, which belongs elsewhere, by the tasks' dependencies")]),
    "the critical path": (
        at("critical_path", {"by_timeout": {"tasks": [1, 2, 3], "total": 9_000}, "by_complexity": {"tasks": [1], "total": 0}}),
        [("error", "$.critical_path.by_timeout.total", "is 9000, and the longest way is 10800")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_is_broken_is_told_by_path_in_a_sentence(name: str) -> None:
    change, expected = RULES[name]
    plan = foreign()
    change(plan)
    assert sorted(said(plan)) == sorted(expected)


def verbs(plan: Json) -> None:
    """Two methods of one thing, named behind a colon, as some interfaces name them."""
    ends = plan["architecture"]["endpoints"]
    ends[0]["path"], ends[1]["path"] = "/subscriptions/{id}:cancel", "/subscriptions/{id}:refund"


def protects(said: str) -> Callable[[Json], None]:
    """Have the first maker deliver what is for callers who have signed in, and say so in these words only."""
    criteria = {"critical": [said], "expected": [], "nice_to_have": []}
    tables = {"operations": ["POST /subscriptions", "POST /webhooks/stripe"], "tables": ["SUBSCRIPTIONS"]}
    wanted = at("tasks.0.inputs.requirements", "It is done")
    return both(wanted, at("tasks.0.validation_criteria", criteria), at("tasks.1.inputs.validation_criteria", criteria), at("tasks.0.delivers", tables))  # fmt: skip


SOUND: dict[str, Callable[[Json], None]] = {
    "methods behind a colon": verbs,
    "a maker is told the request too": at("tasks.0.inputs.original_prompt", "Build subscription API with Stripe"),
    "all critiques have one name": both(at("tasks.1.task_name", "Code review"), at("tasks.3.task_name", "Code review")),
    "only requirements are said to be delivered": at("tasks.0.delivers", {"requirements": ["R-1"]}),
    "members only": protects("A visitor who is no member is turned away"),
    "a token by its name": protects("A JWT is demanded"),
    "in Korean": protects("로그인하지 않은 사용자는 거부된다"),
    "in Polish": protects("Niezalogowany dostaje odmowę"),
    "a file in brackets": at("tasks.0.inputs.files_to_create", ["src/subscriptions.go", "app/(shop)/[...slug]/page one.tsx", "docs/über.md", ".env.example"]),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_what_others_write_otherwise_is_no_error(name: str) -> None:
    plan = foreign()
    SOUND[name](plan)
    assert [each for each in said(plan) if each[0] == "error"] == []


def test_in_a_language_whose_words_are_not_known_a_plan_is_warned_of_callers_and_not_refused() -> None:
    plan = foreign()
    protects("Ekki neitt")(plan)
    for task in (plan["tasks"][0], plan["tasks"][1]["inputs"]["preceding_task"]):
        task["task_name"], task["description"] = "Smíða", "Smíða allt"
    assert [each[0] for each in said(plan)] == ["warning"]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("C:orders.py", "does not begin at the root"), ("$HOME/a.py", "does not begin at the root"), ("src/\u202egnp.py", "cannot be seen"),
        ("src/a.py:12", "names a line"), (".", "is a folder"), ("src/a.py (new)", "has a remark"), ("src/a.py, src/b.py", "more than one file"),
        ("`src/a.py`", "has marks"), ("- src/a.py", "has marks"), ("[a](src/a.py)", "has marks"), ("none", "is no file"), ("N/A", "is no file"),
        (".git/config", "belongs to git"), ("src/{a,b}.py", "is a pattern"), ("a" * 300, "is longer than"), ("src/./subscriptions.go", "is twice there"),
    ],
)  # fmt: skip
def test_what_is_no_path_of_one_file_is_told(file: str, sentence: str) -> None:
    plan = foreign()
    at("tasks.0.inputs.files_to_create", ["src/subscriptions.go", file])(plan)
    assert [(path, sentence in said_) for _, path, said_ in said(plan)] == [("$.tasks[0].inputs.files_to_create[1]", True)]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "hint"),
    [
        ("tasks.0.task_order", 0, "write 1"), ("tasks.0.timeout_seconds", 10**7, "write 604800"), ("tasks.0.timeout_seconds", 5, "write 60"),
        ("tasks.0.dependencies", 1, "put it in brackets: [1]"), ("tasks.0.validation_criteria.critical", "It runs", 'put it in brackets: ["It runs"]'),
        ("architecture.endpoints.0.path", "orders/{id}", "write '/orders/{id}'"), ("tasks.0.skill_id", None, "write a text that is not empty"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_told_what_to_write(path: str, value: Json, hint: str) -> None:
    plan = copy.deepcopy(foreign())
    at(path, value)(plan)
    assert found(plan)[0].hint == hint


def test_a_path_too_long_to_be_named_whole_is_not_told_to_be_written() -> None:
    plan = foreign()
    for order in (5, 7, 9):
        maker = copy.deepcopy(plan["tasks"][2]) | {"task_order": order, "task_name": f"Test {order}", "dependencies": [order - 1]}  # fmt: skip
        plan["tasks"] += [maker, critique(order + 1, maker)]
    at("critical_path", {"by_timeout": {"tasks": [1], "total": 1}, "by_complexity": {"tasks": [1], "total": 0}})(plan)
    assert found(plan)[0].hint == "leave critical_path out: it follows from the tasks"


def test_a_verdict_is_required_by_each_choice_and_asked_of_critiques_only() -> None:
    plan = foreign()
    at("tasks.1.verdict_schema", {"anyOf": [{"required": ["verdict"]}, {"type": "string"}]})(plan)
    at("tasks.0.verdict_schema", {"required": ["verdict"]})(plan)
    assert [(each[0], each[2]) for each in said(plan)] == [("warning", "a maker gives no verdict"), ("error", "allows an answer without a verdict")]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("9" * 5_000, "a number has too many digits"), ('"a\tb"', "a control character stands in a text"), ("+3", "Expecting value"), ("1e999", "1e999 is too large for a number"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_told_in_words_of_json_with_what_mends_it(wrong: str, message: str) -> None:
    text = json.dumps(foreign(), indent=1).replace('"task_order": 3,', f'"task_order": {wrong},', 1)
    (fault,) = found(text)
    assert (fault.message, bool(fault.hint), fault.line > 1) == (f"$: {message}", True, True)


SHAPES: dict[str, tuple[Callable[[Json], None], str, str]] = {
    "a unit": (at("tasks.1.timeout_seconds", "soon"), "$.tasks[1].timeout_seconds (task 2 'QA: Validate Build subscription service'): must be a whole number of seconds from 60 to 604800, and is 'soon'", ""),
    "a number in quotes": (at("tasks.0.timeout_seconds", "3600"), "must be a whole number of seconds from 60 to 604800, and is '3600'", "leave out the quotation marks: 3600"),
    "a word of several": (at("architecture.endpoints.0.method", "post"), "$.architecture.endpoints[0].method: must be one of 'GET', 'POST',", "write 'POST'"),
    "a misspelt field": (
        lambda plan: plan["tasks"][0].__setitem__("dependecies", plan["tasks"][0].pop("dependencies")),
        "$.tasks[0].dependecies (task 1 'Build subscription service'): no such field: 'dependecies'; did you mean 'dependencies'?", "write 'dependencies'",
    ),
    "another field": (at("notes", 1), "$.notes: no such field: 'notes'", "leave it out; there is status, category, architecture, tasks, waves, critical_path"),
    "a missing field": (lambda plan: plan["tasks"][0].pop("skill_id"), "$.tasks[0]: lacks 'skill_id'", "add 'skill_id': a text that is not empty"),
    "an odd key": (at("architecture.a b", 1), "$.architecture['a b']: no such field: 'a b'", "leave it out"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_what_does_not_fit_the_format_is_told_once_with_what_mends_it(name: str) -> None:
    change, message, hint = SHAPES[name]
    plan = foreign()
    change(plan)
    (fault,) = found(plan)
    assert (
        message.replace("$.tasks[0]: lacks", "$.tasks[0] (task 1 'Build subscription service'): lacks") in fault.message
    )
    assert fault.hint.startswith(hint)


def test_a_finding_stands_at_its_line_and_column_in_the_file() -> None:
    plan = foreign()
    plan["tasks"][3]["inputs"]["preceding_task"]["task_name"] = "Other"
    (fault,) = found(plan)
    line = json.dumps(plan, indent=1).split("\n")[fault.line - 1]
    assert line[fault.column - 1 :].startswith('"task_name": "Other"')


def test_places_are_found_in_any_layout_and_nearest_above_what_is_not_there() -> None:
    places = Places('{"a" : [1, {"b\\n": "x, ]}"} ,[]],\n\n "c":{} }')
    assert [places.at(path) for path in ((), ("a",), ("a", 1), ("a", 1, "b\n"), ("a", 2), ("c",))] == [(1, 1), (1, 2), (1, 12), (1, 13), (1, 30), (3, 2)]  # fmt: skip
    assert places.at(("a", 7, "x")) == (1, 2)
    assert places.at(("c", "none")) == (3, 2)


@pytest.mark.parametrize(
    ("maker", "path", "sentence"),
    [
        ({"complexity": {"score": 11, "reason": "x"}}, "$.makers[1].complexity.score", "must be a whole number of points from 1 to 10, and is 11"),
        ({"after": ["later"]}, "$.makers[1].after[0]", "'b' comes after 'later', which is no maker before it"),
        ({"key": "a"}, "$.makers[1].key", "two makers are called 'a'; give each a key of its own"),
        ({"key": "B C"}, "$.makers[1].key", "must be lower-case words with hyphens, and is 'B C'"),
        ({"look_for": []}, "$.makers[1].look_for", "must be a list of texts that are not empty, at least one, and is []"),
    ],
)  # fmt: skip
def test_an_answer_of_which_no_plan_can_be_built_is_told_in_its_own_paths(
    maker: Json, path: str, sentence: str
) -> None:
    first = {
        "key": "a", "task_name": "A", "description": "x", "skill_id": "s", "after": [], "requirements": "x", "files_to_create": ["a.py"], "files_to_modify": [],
        "files_to_test": [], "test_types": [], "patterns_to_follow": "", "validation_criteria": TESTED, "timeout_seconds": 60,
        "delivers": {}, "complexity": {"score": 1, "reason": "x"}, "look_for": ["x"],
    }  # fmt: skip
    sketch = {
        "summary": "x",
        "services": [],
        "external_integrations": [],
        "makers": [first, {**first, "key": "b"} | maker],
    }
    assert said(sketch) == [("error", path, sentence)]


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "routes.go").write_text("package src\n")
    return tmp_path


def with_files(**lists: Json) -> Json:
    plan = foreign()
    plan["tasks"][0]["inputs"] |= {"patterns_to_follow": "src/routes.go:1", **lists}
    return plan


def test_files_are_compared_with_a_codebase(repo: Path) -> None:
    good = with_files(files_to_modify=["src/routes.go"])
    assert said(good, code=Folder(repo)) == []
    plan = with_files(files_to_create=["src/routes.go", "src/subscriptions.go"], files_to_modify=["src/gone.go"])
    assert said(plan, code=Folder(repo)) == [
        ("error", "$.tasks[0].inputs.files_to_create[0]", "'src/routes.go' exists in the codebase"),
        ("error", "$.tasks[0].inputs.files_to_modify[0]", "'src/gone.go' is not in the codebase, and no earlier task creates it"),
    ]  # fmt: skip
    followed = with_files(
        files_to_modify=["src/routes.go"], patterns_to_follow="as in src/other.go:3 and src/routes.go:9"
    )
    assert [sentence for _, _, sentence in said(followed, code=Folder(repo))] == [
        "src/other.go is not in the codebase", "src/routes.go has no line 9",
    ]  # fmt: skip


DIGEST = "Tree\n- src/ 1 file: routes.go\n- db/ 9 files: a.sql, …"


def test_of_a_digest_only_what_is_certain_is_an_error() -> None:
    plan = with_files(files_to_modify=["src/routes.go", "db/more.sql", "src/gone.go"])
    whole, cut = Digest(DIGEST), Digest(f"{DIGEST}\nLeft out\n- 3 more files (budget)")
    gone = "'src/gone.go' is not in the codebase, and no earlier task creates it"
    unseen = "'src/gone.go' is not among the files of the codebase that were shown, and no earlier task creates it"
    assert [each for each in said(plan, code=whole) if "modify" in each[1]] == [
        ("error", "$.tasks[0].inputs.files_to_modify[2]", gone)
    ]
    assert [each for each in said(plan, code=cut) if "modify" in each[1]] == [
        ("warning", "$.tasks[0].inputs.files_to_modify[2]", unseen)
    ]


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("task-plan.json", "nothing of the sort", "task-plan"),
        ("plans/my.task_plan.json", "{}", "task-plan"),
        ("other.json", json.dumps(foreign()), "task-plan"),
        ("other.json", '{"tasks": [{"task_order": 1, "skill_id": "x"', "task-plan"),
        ("other.json", '{"status": "planned", "architecture": {}}', "task-plan"),
        ("tasks.json", '{"master": {"tasks": [{"id": 1, "title": "x", "dependencies": []}]}}', "json"),
        ("tasks.json", '{"version": "2.0.0", "tasks": [{"label": "build", "type": "shell"}]}', "json"),
        ("schema.json", json.dumps(published("task-plan")), "json-schema"),
    ],
)  # fmt: skip
def test_a_plan_is_told_from_other_json(name: str, text: str, kind: str) -> None:
    assert [each.kind for each in artefacts(Document(name, text))] == [kind]


def test_a_plan_in_a_text_is_checked_where_it_stands_and_a_form_to_fill_in_is_not() -> None:
    plan = foreign()
    plan["tasks"][3]["task_order"] = 5
    form = (
        json.dumps(foreign())
        .replace('"backend-testing"', '"<implementation-skill-id>"')
        .replace('"public"', '"required | public"')
    )
    text = f"# A plan\n\n```json\n{json.dumps(plan, indent=1)}\n```\n\n```json\n{form}\n```\n"
    examined = checks.examine(Document("notes.md", text), About(plan=False))
    (fault,) = examined.findings
    assert text.split("\n")[fault.line - 1].strip().startswith('"task_order": 5')
    assert [bool(each.tool) for each in examined.looked] == [True, False]


def test_who_writes_makers_is_told_the_rules_that_makers_can_break_and_nobody_else_is_told_any() -> None:
    rules = checks.promised(About(checks=("task-plan",), plan=False))
    assert any("(rule 3)" in each for each in rules)
    assert not any("(rule 7)" in each for each in rules)
    assert not any("task plan" in each or "(rule" in each for each in checks.promised(About()))


@pytest.mark.parametrize("name", PUBLISHED)
def test_each_published_schema_is_one_by_its_own_draft(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", name]) == 0
    text = capsys.readouterr().out
    schema = json.loads(text)
    assert (schema["$schema"], schema["$id"]) == (
        "https://json-schema.org/draft/2020-12/schema",
        f"urn:planning-kit:schema:{name}",
    )
    assert call("planning_kit.checks.schemas:faults", text, "json") == []


def test_the_published_schema_takes_a_plan_of_somebody_else_and_says_what_each_field_is() -> None:
    schema = published("task-plan")
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(foreign())
    fields = [field for each in (schema, *schema["$defs"].values()) for field in each["properties"].values()]
    assert all("description" in each or "$ref" in each for each in fields)


def test_the_command_lists_schemas_and_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(PUBLISHED)
    assert main(["schema", "task-pln"]) == 2
    assert "did you mean 'task-plan'?" in capsys.readouterr().err


def test_the_command_checks_a_plan_of_somebody_else_with_a_codebase_or_from_standard_input(
    repo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    path = repo / "mine.json"
    path.write_text(json.dumps(with_files(files_to_modify=["src/gone.go"]), indent=2))
    assert main(["check", str(path)]) == 0
    capsys.readouterr()
    assert main(["check", str(path), "--repo", str(repo), "--json"]) == 1
    (document,) = json.loads(capsys.readouterr().out)["documents"]
    assert [(each["rule"], each["line"] > 1) for each in document["findings"]] == [("names-files-that-fit", True)]
    wrong = json.dumps(foreign() | {"status": "done"}).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(wrong)))
    assert main(["check", "-"]) == 1
    assert "<stdin>.json:1:2: error: $.status: must be 'planned', and is 'done'" in capsys.readouterr().out

"""Random task plans that are right, and every way we know to break one; by seed, so that whatever fails can be made again."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

from planning_kit.tasks.built import build
from planning_kit.tasks.model import Architecture, Complexity, Criteria, DataModel, Delivers, Endpoint, TaskPlan
from planning_kit.tasks.sketch import Maker, Sketch

Json = Any
WORDS = (
    "order",
    "Größe",
    "ledger",
    "queue",
    "日本",
    "stock",
    "retry",
    "page",
    "it's",
    '"quoted"',
    "a/b",
    "back\\slash",
    "tab\tbed",
    "😀",
    "état",
)
SAFE = "Without sign-in it answers 401"
BARE = ("delivers", "complexity", "critiques_tasks", "verdict_schema")


def words(rng: random.Random, most: int = 6) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(1, most)))


def plan(rng: random.Random, most: int = 7) -> TaskPlan:
    """A plan that was built of a random sketch; one in three as somebody else would write it, without what is beyond the bare format."""
    count = rng.randint(1, most)
    endpoints = [
        Endpoint(
            method=rng.choice(("GET", "POST", "DELETE")),
            path=f"/things{n}/{{id}}",
            purpose=words(rng),
            auth=rng.choice(("required", "public")),
        )
        for n in range(rng.randint(0, 4))
    ]
    models = [
        DataModel(name=f"Thing{n}", purpose=words(rng), table=f"things_{n}", key_fields=["id", words(rng, 1)])
        for n in range(rng.randint(0, 3))
    ]
    architecture = Architecture(
        summary=words(rng),
        endpoints=endpoints,
        data_models=models,
        services=[f"S - {words(rng)}"],
        external_integrations=[],
    )
    makers: list[Maker] = []
    free: list[list[str]] = []  # of each maker the files nobody has modified
    for n in range(count):
        after = sorted(rng.sample(range(n), k=min(n, rng.randint(0, 2))))
        modified = [free[each].pop() for each in after if len(free[each]) > 1 and rng.random() < 0.5]
        created = [f"src/m{n}/f{each}.py" for each in range(rng.randint(1, 3))]
        free.append(list(created))
        makers.append(_maker(rng, n, count, after, created, modified, architecture))
    made = build(
        Sketch(summary=architecture.summary, services=architecture.services, external_integrations=[], makers=makers),
        architecture,
        words(rng, 30),
    )
    return TaskPlan.model_validate(bare(json.loads(made.text))) if rng.random() < 0.33 else made


def _maker(rng: random.Random, n: int, count: int, after: list[int], created: list[str], modified: list[str], about: Architecture) -> Maker:  # fmt: skip
    return Maker(
        key=f"maker-{n}", task_name=f"{words(rng, 3)} {n}", description=words(rng), skill_id=rng.choice(("backend-development", "devops")),
        after=[f"maker-{each}" for each in after], requirements=words(rng), files_to_create=created, files_to_modify=modified,
        files_to_test=created[:1] if rng.random() < 0.3 else [], test_types=["unit"] if rng.random() < 0.5 else [],
        patterns_to_follow=words(rng) if modified or rng.random() < 0.5 else "",
        validation_criteria=Criteria(critical=[SAFE, words(rng)], expected=[words(rng)] * rng.randint(0, 2), nice_to_have=[]),
        timeout_seconds=rng.randint(60, 90_000),
        delivers=Delivers(
            requirements=["FR-1"], operations=[each.name for at, each in enumerate(about.endpoints) if at % count == n],
            tables=[each.table for at, each in enumerate(about.data_models) if at % count == n],
        ),
        complexity=Complexity(score=rng.randint(1, 10), reason=words(rng)), look_for=[words(rng)],
    )  # fmt: skip


def bare(value: Json) -> Json:
    """A plan as somebody else would write it: the bare format."""
    for task in value["tasks"]:
        for name in BARE:
            task.pop(name, None)
        task["inputs"].pop("look_for", None)
    value.pop("waves", None)
    value.pop("critical_path", None)
    return value


class NotHere(Exception):
    """This way to break a plan does not apply to this one."""


def _task(rng: random.Random, value: Json, critique: bool) -> Json:
    return value["tasks"][2 * rng.randrange(len(value["tasks"]) // 2) + critique]


def _some(rng: random.Random, found: list[Any]) -> Any:
    if not found:
        raise NotHere
    return rng.choice(found)


Break = Callable[[random.Random, Json], None]
BREAKS: dict[str, tuple[str, Break]] = {}
"""Name → the rule that has to find it, and what is done to a plan."""


def _breaks(rule: str) -> Callable[[Break], Break]:
    def kept(done: Break) -> Break:
        BREAKS[done.__name__.strip("_")] = (rule, done)
        return done

    return kept


SHAPE, PAIRS, TOLD, COPIED, ORDER, WAITS = (
    "reads-as-a-task-plan", "puts-a-critique-behind-each-maker", "tells-each-critique-what-it-checks", "copies-the-criteria",
    "counts-its-tasks-from-one", "waits-for-earlier-tasks",
)  # fmt: skip

REQUIRED = {
    (): ("status", "category", "architecture", "tasks"),
    ("architecture",): ("summary", "endpoints", "data_models", "services", "external_integrations"),
    ("tasks", 0): ("task_name", "description", "skill_id", "task_order", "dependencies", "inputs", "validation_criteria", "timeout_seconds"),
    ("tasks", 1, "inputs", "preceding_task"): ("task_order", "skill_id", "task_name", "description"),
    ("tasks", 1, "inputs", "validation_criteria"): ("critical", "expected", "nice_to_have"),
    ("architecture", "endpoints", 0): ("method", "path", "purpose", "auth"),
    ("architecture", "data_models", 0): ("name", "purpose", "table", "key_fields"),
}  # fmt: skip
"""Where fields may not be missing."""
WRONG: dict[str, tuple[Json, ...]] = {
    "status": ("done", None, 1), "category": ("frontend", ""), "summary": ("", "  ", 3, None), "endpoints": ({}, "x", [1], None), "method": ("post", "FETCH", 1),
    "path": ("orders", "", 2), "auth": ("maybe", True, None), "table": ("", 1), "key_fields": ("id", [1], [""]), "services": ({}, [""]), "tasks": ([], {}, "x"),
    "task_name": ("", 1, [], None), "description": (" ", 7), "skill_id": ("", False), "task_order": (0, -1, "1", 1.5, True, None), "dependencies": ("1", [0], ["1"], {}, [1.5]),
    "inputs": ([], "x", None), "validation_criteria": ([], "x"), "timeout_seconds": ("soon", 59, 604_801, 60.5, None, True), "critical": ([], "x", [None]), "expected": ("x", None, [""]),
    "files_to_create": ("a.py", [1], [""]), "original_prompt": ("", 1),
}  # fmt: skip
"""What a field may not be."""


def _at(value: Json, path: tuple[str | int, ...]) -> Json:
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError) as why:
            raise NotHere from why
    return value


def _removal(path: tuple[str | int, ...], name: str) -> Break:
    def remove(rng: random.Random, value: Json) -> None:
        _at(value, path).pop(name)

    return remove


def _misspelling(path: tuple[str | int, ...], name: str) -> Break:
    def misspell(rng: random.Random, value: Json) -> None:
        held = _at(value, path)
        at = rng.randrange(1, len(name) - 1)
        held[name[:at] + name[at + 1 :]] = held.pop(name)

    return misspell


def _wrongs(name: str, wrong: Json) -> Break:
    def put(rng: random.Random, value: Json) -> None:
        held = _some(rng, [each for each in objects(value) if name in each and "total" not in each])
        held[name] = copy.deepcopy(wrong)

    return put


for _path, _names in REQUIRED.items():
    for _name in _names:
        _where = ".".join(map(str, (*_path, _name)))
        BREAKS[f"remove {_where}"] = (SHAPE, _removal(_path, _name))
        BREAKS[f"misspell {_where}"] = (SHAPE, _misspelling(_path, _name))
for _name, _values in WRONG.items():
    for _value in _values:
        BREAKS[f"{_name} is {json.dumps(_value)}"] = (SHAPE, _wrongs(_name, _value))


def objects(value: Json, inside: bool = False) -> list[Json]:
    """Every object of a plan but those within a verdict schema, whose names are a schema's."""
    if isinstance(value, list):
        return [found for each in value for found in objects(each)]
    if isinstance(value, dict):
        return [value, *(found for key, each in value.items() if key != "verdict_schema" for found in objects(each))]
    return []


@_breaks(SHAPE)
def _unknown_field(rng: random.Random, value: Json) -> None:
    _some(rng, [each for each in objects(value) if "inputs" in each or "method" in each or "critical" in each])[
        "Xextra"
    ] = 1


@_breaks(PAIRS)
def _critique_dropped(rng: random.Random, value: Json) -> None:
    del value["tasks"][2 * rng.randrange(len(value["tasks"]) // 2) + 1]


@_breaks(PAIRS)
def _maker_dropped(rng: random.Random, value: Json) -> None:
    del value["tasks"][2 * rng.randrange(len(value["tasks"]) // 2)]


@_breaks(PAIRS)
def _critique_doubled(rng: random.Random, value: Json) -> None:
    at = 2 * rng.randrange(len(value["tasks"]) // 2) + 1
    value["tasks"].insert(at, copy.deepcopy(value["tasks"][at]))


@_breaks(ORDER)
def _pair_doubled(rng: random.Random, value: Json) -> None:
    at = 2 * rng.randrange(len(value["tasks"]) // 2)
    value["tasks"][at:at] = copy.deepcopy(value["tasks"][at : at + 2])


@_breaks(ORDER)
def _pairs_swapped(rng: random.Random, value: Json) -> None:
    if len(value["tasks"]) < 4:
        raise NotHere
    tasks = value["tasks"]
    value["tasks"] = [*tasks[2:4], *tasks[:2], *tasks[4:]]


@_breaks(ORDER)
def _maker_and_critique_swapped(rng: random.Random, value: Json) -> None:
    at = 2 * rng.randrange(len(value["tasks"]) // 2)
    value["tasks"][at], value["tasks"][at + 1] = value["tasks"][at + 1], value["tasks"][at]


@_breaks(ORDER)
def _shuffled(rng: random.Random, value: Json) -> None:
    before = list(value["tasks"])
    rng.shuffle(value["tasks"])
    if before == value["tasks"]:
        raise NotHere


@_breaks(ORDER)
def _renumbered_from_zero_plus_two(rng: random.Random, value: Json) -> None:
    for task in value["tasks"]:
        task["task_order"] += 1


@_breaks(ORDER)
def _two_with_one_number(rng: random.Random, value: Json) -> None:
    value["tasks"][-1]["task_order"] = value["tasks"][-2]["task_order"]


@_breaks(TOLD)
def _preceding_task_removed(rng: random.Random, value: Json) -> None:
    del _task(rng, value, True)["inputs"]["preceding_task"]


for _name, _value in (
    ("task_order", 999),
    ("skill_id", "other-skill"),
    ("task_name", "another name"),
    ("description", "something else"),
):

    def _copied_wrongly(rng: random.Random, value: Json, name: str = _name, wrong: Json = _value) -> None:
        _task(rng, value, True)["inputs"]["preceding_task"][name] = wrong

    BREAKS[f"preceding_task.{_name} copied wrongly"] = (TOLD, _copied_wrongly)


@_breaks(TOLD)
def _maker_renamed(rng: random.Random, value: Json) -> None:
    _task(rng, value, False)["task_name"] += " anew"


@_breaks(TOLD)
def _one_letter_more(rng: random.Random, value: Json) -> None:
    _task(rng, value, True)["inputs"]["preceding_task"]["description"] += " "


@_breaks(COPIED)
def _criteria_removed(rng: random.Random, value: Json) -> None:
    del _task(rng, value, True)["inputs"]["validation_criteria"]


@_breaks(COPIED)
def _criterion_changed(rng: random.Random, value: Json) -> None:
    _task(rng, value, True)["inputs"]["validation_criteria"]["critical"][0] += "!"


@_breaks(COPIED)
def _criterion_dropped(rng: random.Random, value: Json) -> None:
    _task(rng, value, True)["inputs"]["validation_criteria"]["critical"].pop()


@_breaks(COPIED)
def _criterion_added(rng: random.Random, value: Json) -> None:
    _task(rng, value, False)["validation_criteria"]["nice_to_have"].append("more")


@_breaks(COPIED)
def _criteria_turned_round(rng: random.Random, value: Json) -> None:
    those = _task(rng, value, True)["inputs"]["validation_criteria"]["critical"]
    if those[0] == those[-1]:
        raise NotHere
    those.reverse()


@_breaks("tells-every-critique-the-same-request")
def _request_removed(rng: random.Random, value: Json) -> None:
    del _task(rng, value, True)["inputs"]["original_prompt"]


@_breaks("tells-every-critique-the-same-request")
def _request_changed(rng: random.Random, value: Json) -> None:
    if len(value["tasks"]) < 4:
        raise NotHere
    _task(rng, value, True)["inputs"]["original_prompt"] += "."


@_breaks(WAITS)
def _waits_for_nobody_known(rng: random.Random, value: Json) -> None:
    rng.choice(value["tasks"])["dependencies"].append(len(value["tasks"]) + rng.randint(1, 99))


@_breaks(WAITS)
def _waits_for_itself(rng: random.Random, value: Json) -> None:
    task = rng.choice(value["tasks"])
    task["dependencies"].append(task["task_order"])


@_breaks(WAITS)
def _waits_twice(rng: random.Random, value: Json) -> None:
    task = _some(rng, [each for each in value["tasks"] if each["dependencies"]])
    task["dependencies"].append(task["dependencies"][0])


@_breaks(WAITS)
def _critique_waits_not_for_its_maker(rng: random.Random, value: Json) -> None:
    _task(rng, value, True)["dependencies"] = []


@_breaks("waits-in-no-circle")
def _circle(rng: random.Random, value: Json) -> None:
    at = 2 * rng.randrange(len(value["tasks"]) // 2)
    value["tasks"][at]["dependencies"].append(at + 2)


@_breaks("names-files-to-work-on")
def _no_files(rng: random.Random, value: Json) -> None:
    inputs = _task(rng, value, False)["inputs"]
    for name in ("files_to_create", "files_to_modify", "files_to_test"):
        inputs.pop(name, None)


@_breaks("names-files-to-work-on")
def _bad_path(rng: random.Random, value: Json) -> None:
    bad = (
        "/etc/passwd",
        "../up.py",
        "a\\b.py",
        "C:/a.py",
        "src/<name>.py",
        "path/to/file.py",
        "src/*.py",
        "src/",
        "a\n.py",
        " a.py",
        "https://e.org/a.py",
        "src/...",
    )
    _task(rng, value, False)["inputs"]["files_to_create"].append(rng.choice(bad))


@_breaks("names-files-to-work-on")
def _file_twice(rng: random.Random, value: Json) -> None:
    files = _task(rng, value, False)["inputs"]["files_to_create"]
    files.append(rng.choice(("", "./")) + files[0])


@_breaks("names-files-that-fit")
def _created_by_two(rng: random.Random, value: Json) -> None:
    if len(value["tasks"]) < 4:
        raise NotHere
    value["tasks"][2]["inputs"]["files_to_create"].append(value["tasks"][0]["inputs"]["files_to_create"][0])


@_breaks("names-files-that-fit")
def _modified_before_it_is_created(rng: random.Random, value: Json) -> None:
    if len(value["tasks"]) < 4:
        raise NotHere
    value["tasks"][0]["inputs"]["files_to_modify"] = [value["tasks"][2]["inputs"]["files_to_create"][0]]


@_breaks("keeps-side-by-side-apart")
def _side_by_side_in_one_file(rng: random.Random, value: Json) -> None:
    if "waves" not in value:
        raise NotHere
    makers = [each for each in value["waves"][0] if each % 2]
    if len(makers) < 2:
        raise NotHere
    for order in makers[:2]:
        value["tasks"][order - 1]["inputs"]["files_to_modify"] = ["README.md"]


@_breaks("says-what-keeps-it-safe")
def _nothing_keeps_it_safe(rng: random.Random, value: Json) -> None:
    protected = {
        f"{each['method']} {each['path']}" for each in value["architecture"]["endpoints"] if each["auth"] == "required"
    }
    at = _some(
        rng,
        [
            at
            for at, each in enumerate(value["tasks"])
            if protected & set(each.get("delivers", {}).get("operations", ()))
        ],
    )
    criteria = {"critical": ["It works"], "expected": [], "nice_to_have": []}
    value["tasks"][at]["validation_criteria"] = criteria
    value["tasks"][at + 1]["inputs"]["validation_criteria"] = criteria


DELIVERS, ONCE = "delivers-its-architecture", "names-each-thing-once"


@_breaks(DELIVERS)
def _endpoint_undelivered(rng: random.Random, value: Json) -> None:
    _some(rng, [each for task in value["tasks"] if (each := task.get("delivers", {}).get("operations"))]).pop()


@_breaks(DELIVERS)
def _table_undelivered(rng: random.Random, value: Json) -> None:
    _some(rng, [each for task in value["tasks"] if (each := task.get("delivers", {}).get("tables"))]).clear()


@_breaks(DELIVERS)
def _endpoint_unknown(rng: random.Random, value: Json) -> None:
    _some(rng, [each["delivers"] for each in value["tasks"] if "delivers" in each])["operations"].append("GET /nowhere")


@_breaks(DELIVERS)
def _table_unknown(rng: random.Random, value: Json) -> None:
    _some(rng, [each["delivers"] for each in value["tasks"] if "delivers" in each])["tables"].append("nowhere")


@_breaks(ONCE)
def _endpoint_twice(rng: random.Random, value: Json) -> None:
    those = value["architecture"]["endpoints"]
    those.append(_some(rng, list(those)))


@_breaks(ONCE)
def _model_twice(rng: random.Random, value: Json) -> None:
    those = value["architecture"]["data_models"]
    those.append(_some(rng, list(those)))


@_breaks(ONCE)
def _two_tasks_with_one_name(rng: random.Random, value: Json) -> None:
    value["tasks"][1]["task_name"] = value["tasks"][0]["task_name"]


@_breaks("names-what-a-critique-judges")
def _judges_another(rng: random.Random, value: Json) -> None:
    _some(rng, [each for each in value["tasks"] if "critiques_tasks" in each])["critiques_tasks"] = [997]


@_breaks("names-what-a-critique-judges")
def _maker_judges(rng: random.Random, value: Json) -> None:
    _task(rng, value, False)["critiques_tasks"] = [1]


@_breaks("asks-for-a-verdict")
def _verdict_schema_without_verdict(rng: random.Random, value: Json) -> None:
    _task(rng, value, True)["verdict_schema"] = {"type": "object", "properties": {"verdict": {"type": "string"}}}


@_breaks("asks-for-a-verdict")
def _verdict_schema_is_none(rng: random.Random, value: Json) -> None:
    _task(rng, value, True)["verdict_schema"] = {"type": "objekt", "required": ["verdict"]}


@_breaks(SHAPE)
def _too_complex(rng: random.Random, value: Json) -> None:
    wrong = rng.choice((0, 11, "5", None, 2.5))
    _task(rng, value, False)["complexity"] = {"score": wrong, "reason": "x"}


@_breaks(SHAPE)
def _complex_without_a_reason(rng: random.Random, value: Json) -> None:
    _task(rng, value, False)["complexity"] = {"score": 3}


LAYERED = "is-layered-as-its-tasks-are"


@_breaks(LAYERED)
def _waves_joined(rng: random.Random, value: Json) -> None:
    if "waves" not in value:
        raise NotHere
    value["waves"] = [[each for wave in value["waves"] for each in wave]]


@_breaks(LAYERED)
def _wave_lacks_a_task(rng: random.Random, value: Json) -> None:
    _some(rng, value.get("waves", [])).pop()


@_breaks(LAYERED)
def _critical_path_too_short(rng: random.Random, value: Json) -> None:
    _some(rng, list(value.get("critical_path", {}).values()))["total"] -= 1


@_breaks(LAYERED)
def _critical_path_of_another_plan(rng: random.Random, value: Json) -> None:
    _some(rng, list(value.get("critical_path", {}).values()))["tasks"] = [998]


def broken(rng: random.Random, name: str) -> Json:
    """A random plan, broken the way called ``name``."""
    while True:
        wrong = json.loads(plan(rng, 4).text)
        try:
            BREAKS[name][1](rng, wrong)
        except NotHere:
            continue
        return wrong


def _cut(rng: random.Random, text: str) -> str:
    return text[: rng.randrange(1, len(text.rstrip()) - 1)]


def _comma(rng: random.Random, text: str) -> str:
    at = rng.choice([at for at, each in enumerate(text) if each in "]}" and text[at - 1] in " \n"])
    return text[:at].rstrip() + "," + text[at:]


def _around(rng: random.Random, text: str) -> str:
    return rng.choice(
        (
            f"Here is the plan:\n{text}",
            f"```json\n{text}```\n",
            f"{text}\nI hope this helps!",
            f"{text}{text}",
            f"// plan\n{text}",
        )
    )


def _key_twice(rng: random.Random, text: str) -> str:
    return text.replace('"task_order": 1,', '"task_order": 1,\n      "task_order": 1,', 1)


def _nan(rng: random.Random, text: str) -> str:
    return text.replace(
        '"task_order": 1,', f'"task_order": {rng.choice(("NaN", "Infinity", "-Infinity", "1e999"))},', 1
    )


def _single_quotes(rng: random.Random, text: str) -> str:
    return text.replace('"status"', "'status'", 1)


def _half_a_character(rng: random.Random, text: str) -> str:
    return text.replace('"requirements": "', '"requirements": "\\ud83d ', 1)


def _deep(rng: random.Random, text: str) -> str:
    depth = rng.choice((200, 5_000, 100_000))
    return text.replace('"requirements":', f'"notes": {"[" * depth}{"]" * depth}, "requirements":', 1)


TEXT_BREAKS: dict[str, Callable[[random.Random, str], str]] = {
    each.__name__.strip("_"): each for each in (_cut, _comma, _around, _key_twice, _nan, _single_quotes, _half_a_character, _deep)
}  # fmt: skip
"""Ways to break a plan's text so that it is no JSON anybody may hand in."""


def anything(rng: random.Random, deep: int = 0) -> Json:
    """Any JSON value."""
    kind = rng.randrange(9 if deep < 3 else 6)
    if kind < 6:
        return rng.choice((None, True, False, 0, 1, -1, 2.5, 1e300, 10**30, "", " ", "x", "\x00", "tasks", words(rng)))
    if kind == 6:
        return [anything(rng, deep + 1) for _ in range(rng.randrange(4))]
    return {
        rng.choice(("verdict", "type", "$ref", "tasks", "x", "critical", "")): anything(rng, deep + 1)
        for _ in range(rng.randrange(4))
    }


def disturbed(rng: random.Random, value: Json) -> Json:
    """``value`` with any values in some places of it."""
    for _ in range(rng.randint(1, 3)):
        held = rng.choice([each for each in _containers(value) if each])
        key = rng.choice(list(held) if isinstance(held, dict) else range(len(held)))
        held[key] = anything(rng)
    return value


def _containers(value: Json) -> list[Json]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [
        *([value] if isinstance(value, (dict, list)) else ()),
        *(found for each in inner for found in _containers(each)),
    ]

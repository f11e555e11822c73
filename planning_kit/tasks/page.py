"""A task plan as people read it: markdown without a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .model import Task, TaskPlan
from .pairs import FILES, KINDS, LEVELS, Pair, Pairs, on_a_line, took

MOST_DRAWN = 60
"""The most pairs that are drawn as Mermaid diagrams; code hosts stop at some hundred lines and edges."""
_MOST_DAYS = 31
_LABEL = 44
"""The most characters of a name in a diagram."""


def text(plan: TaskPlan) -> str:
    """``plan`` as markdown: summary, figures, waves, pictures, a table of the makers, each maker with its critique, and who delivers what."""
    pairs = Pairs(plan)
    parts = [
        _said(plan.architecture.summary),
        *_figures(pairs),
        "## Waves\n",
        "What stands in one wave can be done side by side; each critique follows its maker at once.\n",
        *_waves(pairs),
        *_pictures(pairs),
        "\n## Makers\n",
        *_makers(pairs),
        "\n## Tasks\n",
        *(line for pair in pairs for line in _task(pair)),
        "## Coverage\n",
        *_coverage(pairs),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _figures(pairs: Pairs) -> Iterator[str]:
    way, seconds = pairs.by_time
    hard, points = pairs.by_complexity
    tasks, seen = len(pairs.plan.tasks), {task.task_order for task in pairs.plan.tasks}
    yield f"\n- {_many(len(pairs), 'maker')}, {_many(tasks - len(pairs.plan.makers), 'critique')}, {_many(len(pairs.waves), 'wave')} of makers"
    yield f"- All time limits together: {took(sum(task.timeout_seconds for task in pairs.plan.tasks))}"
    yield f"- Critical path by time limits, critiques included: {took(seconds)}, makers {_path(way)}"
    if points:
        total = sum(pair.points for pair in pairs)
        yield f"- Critical path by complexity: {points} of {total} points, makers {_path(hard)}"
    if len(seen) < tasks:
        yield "- Two tasks have one number; what is said here of numbers is not certain"
    yield ""


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _path(way: Sequence[int]) -> str:
    if len(way) <= MOST_DRAWN:
        return " → ".join(map(str, way)) or "none"
    return f"{' → '.join(map(str, way[:20]))} → … → {' → '.join(map(str, way[-5:]))} ({len(way):,} makers)"


def _waves(pairs: Pairs) -> Iterator[str]:
    yield from ("| Wave | Makers | Longest |", "|---:|---|---:|")
    for at, wave in enumerate(pairs.waves, start=1):
        those = [pairs.by_order[order] for order in wave]
        named = ", ".join(str(each.order) if len(those) > 12 else f"{each.order} {_cell(each.maker.task_name)}" for each in those)  # fmt: skip
        yield f"| {at} | {named} | {took(max(each.seconds for each in those))} |"


def _pictures(pairs: Pairs) -> Iterator[str]:
    """The graph and the Gantt, as long as code hosts draw them."""
    if not 1 < len(pairs) <= MOST_DRAWN:
        return
    yield from (
        "\n## Dependencies\n",
        "The critical path by time limits has thick frames.\n",
        "```mermaid",
        "flowchart LR",
    )
    critical = pairs.by_time[0]
    for pair in pairs:
        yield f'  t{pair.order}["{pair.order}: {_label(pair.maker.task_name)}"]'
    yield from (f"  t{each} --> t{pair.order}" for pair in pairs for each in pair.needs)
    yield "  classDef critical stroke-width:4px"
    yield f"  class {','.join(f't{each}' for each in critical)} critical"
    yield "```"
    if pairs.by_time[1] < _MOST_DAYS * 86_400:
        yield from _gantt(pairs, set(critical))


def _gantt(pairs: Pairs, critical: set[int]) -> Iterator[str]:
    yield "\n## Schedule\n"
    yield "Each bar is a maker and its critique at their time limits, begun as early as they can be; nobody waits for hands, and nights are not left out.\n"
    yield from (
        "```mermaid",
        "gantt",
        "  dateFormat YYYY-MM-DD HH:mm",
        "  axisFormat day %-d, %H h",
        "  todayMarker off",
    )
    for at, wave in enumerate(pairs.waves, start=1):
        yield f"  section Wave {at}"
        for order in wave:
            pair = pairs.by_order[order]
            minutes = pairs.starts[order] // 60
            begin = f"2001-01-{minutes // 1440 + 1:02} {minutes // 60 % 24:02}:{minutes % 60:02}"
            mark = "crit, " if order in critical else ""
            yield f"  {order} {_label(pair.maker.task_name)} :{mark}t{order}, {begin}, {max(1, round(pair.seconds / 60))}m"
    yield "```"


def _makers(pairs: Pairs) -> Iterator[str]:
    yield from (
        "| Task | Name | Skill | After | Delivers | Complexity | Time limit |",
        "|---:|---|---|---|---|---:|---:|",
    )
    for pair in pairs:
        delivers = ", ".join(_counted(kind, names) for kind, names in pair.delivers.items()) or "—"
        after = ", ".join(map(str, pair.needs)) or "—"
        yield f"| {pair.order} | {_cell(pair.maker.task_name)} | {_cell(pair.maker.skill_id)} | {after} | {delivers} | {pair.points or '—'} | {took(pair.maker.timeout_seconds)} |"


def _counted(kind: str, names: Sequence[str]) -> str:
    """How much of a kind: its names where they are few, else their number."""
    said = KINDS[kind]
    return ", ".join(map(_cell, names)) if len(names) <= 3 else f"{len(names)} {said}"


def _task(pair: Pair) -> Iterator[str]:
    task = pair.maker
    yield f"### {task.task_order} {_plain(task.task_name)}\n"
    yield f"{_said(task.description)}\n"
    said = [f"{_plain(task.skill_id)}", f"at most {took(task.timeout_seconds)}"]
    if task.complexity:
        said.append(f"complexity {task.complexity.score}: {_plain(task.complexity.reason)}")
    said.append(f"after {', '.join(map(str, pair.needs))}" if pair.needs else "needs no other task")
    yield f"{'; '.join(said)}.\n"
    if task.inputs.requirements:
        yield f"**Requirements.** {_said(task.inputs.requirements)}\n"
    if task.inputs.patterns_to_follow:
        yield f"**Patterns to follow.** {_pathed(task.inputs.patterns_to_follow)}\n"
    yield from _listed("Files", ((f"{_code(each)} {words}" for field, words in FILES.items() for each in getattr(task.inputs, field) or ())))  # fmt: skip
    if task.inputs.test_types:
        yield f"**Kinds of test.** {', '.join(map(_plain, task.inputs.test_types))}\n"
    yield from _listed("Delivers", (f"{words}: {', '.join(map(_code, pair.delivers[kind]))}" for kind, words in KINDS.items() if kind in pair.delivers))  # fmt: skip
    yield from _listed("Done when", _criteria(task))
    yield from _critique(pair)


def _critique(pair: Pair) -> Iterator[str]:
    critic = pair.critique
    if critic is None:
        yield "**Nobody checks this task.**\n"
        return
    yield f"**Checked by task {critic.task_order}** ({_plain(critic.skill_id)}, at most {took(critic.timeout_seconds)}), against the same criteria{' and for:' if critic.inputs.look_for else '.'}\n"
    yield from _items(_plain(each) for each in critic.inputs.look_for or ())


def _criteria(task: Task) -> Iterator[str]:
    for level, words in LEVELS.items():
        yield from (f"{words}: {_plain(each)}" for each in getattr(task.validation_criteria, level))


def _coverage(pairs: Pairs) -> Iterator[str]:
    """Who delivers what; what the architecture holds and nobody delivers stands first."""
    found: dict[tuple[str, str], list[int]] = {}
    for pair in pairs:
        for kind, names in pair.delivers.items():
            for name in dict.fromkeys(names):
                found.setdefault((kind, name), []).append(pair.order)
    design = pairs.plan.architecture
    there = [("operations", each.name) for each in design.endpoints] + [("tables", each.table) for each in design.data_models]  # fmt: skip
    if not found:
        yield "The plan does not say which task delivers what.\n"
        return
    missing = [each for each in dict.fromkeys(there) if each not in found]
    yield from ("| What | Kind | Delivered by |", "|---|---|---|")
    for kind, name in missing:
        yield f"| {_cell(name)} | {_one(kind)} | **no task** |"
    for kind in KINDS:
        for (of, name), orders in found.items():
            if of == kind:
                yield f"| {_cell(name)} | {_one(kind)} | {', '.join(map(str, orders))} |"


def _one(kind: str) -> str:
    return KINDS[kind].removesuffix("s")


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    if shown := list(lines):
        yield f"**{title}**\n"
        yield from _items(shown)


def _items(lines: Iterable[str]) -> Iterator[str]:
    if shown := [f"- {line}" for line in lines]:
        yield from (*shown, "")


_MARKS = re.compile(r"([\\`*_\[\]<>|#~&!])")
_BEGINS = re.compile(r"(?:[-+=]|\d{1,9}(?=[.)]))")


def _plain(words: str) -> str:
    """``words`` on one line, as text of markdown: nothing in it is a mark, a tag, a link or a reference, and no block begins with it."""
    marked = _MARKS.sub(r"\\\1", on_a_line(words))
    begins = _BEGINS.match(marked)
    if begins is None:
        return marked
    end = begins.end()
    return f"{marked[:end]}\\{marked[end:]}" if begins[0][0].isdigit() else f"\\{marked}"


def _said(words: str) -> str:
    """``words`` as paragraphs, each on a line of its own."""
    return "\n\n".join(said for each in re.split(r"\n\s*\n", words) if (said := _plain(each)))


_PATH = re.compile(r"(?<![\w`/.-])[\w/.-]{1,200}\.[A-Za-z]\w{0,9}(?::\d{1,7}(?:-\d{1,7})?)?")


def _pathed(words: str) -> str:
    """``words`` with the paths in it as code, so that they stay what they are."""
    flat, parts, done = on_a_line(words), [], 0
    for path in _PATH.finditer(flat):
        parts += [_around(flat[done : path.start()]), _code(path[0])]
        done = path.end()
    return "".join([*parts, _around(flat[done:])])


def _around(words: str) -> str:
    """A piece of a line: like :func:`_plain`, with the spaces at its ends."""
    inner = words.strip()
    return words.replace(inner, _plain(inner), 1) if inner else words


def _cell(words: str) -> str:
    """``words`` in a cell of a table, which begins no block."""
    return _plain(words)


def _code(words: str) -> str:
    """``words`` as code, with more backticks around than in them; outside of tables."""
    flat = on_a_line(words)
    most = max((len(each) for each in re.findall("`+", flat)), default=0)
    fence = "`" * (most + 1)
    space = " " if most else ""
    return f"{fence}{space}{flat}{space}{fence}"


def _label(words: str) -> str:
    """``words`` as a name in a diagram: letters, figures and plain punctuation, none of which means anything to Mermaid or to who draws it."""
    flat = " ".join(re.sub(r"[^\w .,/+-]|\bhref\b", " ", words).replace("--", " ").split())
    return flat if len(flat) <= _LABEL else flat[: _LABEL - 1].rstrip() + "…"

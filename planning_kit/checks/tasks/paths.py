"""What a maker is to work on: paths of files, written so that they mean one file of the codebase."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...tasks.model import Task
from ..about import About
from ..tree import Path
from ..wrong import Wrongs
from .faults import shown
from .pairs import checks_work
from .read import Reading

LISTS = ("files_to_create", "files_to_modify", "files_to_test")
_LOOKS_LIKE_A_FILE = re.compile(r"[\w@.+-]+(?:/[\w@.+-]+)+|[\w@+-]+\.[A-Za-z]\w{0,9}")
_SURELY_GOOD = re.compile(r"(?!path/|your/|(?i:none|n/?a|tb[da]|null|nil|-+)$)(?=.{1,200}$)[\w@+-]+(?:[./][\w@+-]+)*")
"""Most paths, which need no closer look."""
_FAULTS = (
    (r"[\x00-\x1f\x7f]", "holds a control character", "write it on one line"),
    (r"[\x80-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "holds a character that cannot be seen", "leave it out"),
    (r"^\s|\s$", "has a space before or behind it", "leave the space out"),
    (r"^[A-Za-z][A-Za-z0-9+.-]{1,30}://", "is an address, not a file of the codebase", "name the file from the root of the codebase"),
    (r"^[A-Za-z]:|^[/~]|^\$\{?[A-Z_]+\b|^%\w{1,40}%", "does not begin at the root of the codebase", "write it relative to the root of the codebase: src/orders.py"),
    (r"\\", "has a backslash", "write / between folders"),
    (r"(?:^|/)\.\.(?:/|$)", "leads upwards", "write it relative to the root of the codebase, without '..'"),
    (r"^\.git(?:/|$)", "belongs to git, not to the codebase", "name a file that is kept under version control"),
    (r"^[`'\"]|[`'\"]$|^[-+] |^\[[^\]/]{0,200}\]\(", "has marks around it", "write the bare path"),
    (r":\d{1,7}(?:-\d{1,7})?$", "names a line", "name the file alone; a line belongs into patterns_to_follow"),
    (r"\.\w{1,10} +\([^()]{0,200}\)$", "has a remark behind it", "write the bare path"),
    (r"\.\w{1,10}[,;] ?\S", "is more than one file", "write each file by itself"),
    (r"(?i)^(?:none|n/?a|tb[da]|null|nil|-+|\?+)$", "is no file", "name the file, or leave it out"),
    (r"^(?:\./?)+$", "is a folder, not a file", "name the files in it"),
    (r"[^/]{256}|.{4097}", "is longer than a file's name can be", "shorten it"),
    (r"<[^<>]{0,60}>|(?<!\[)\.\.\.|…", "has a placeholder in it", "write the file's real name"),
    (r"^(?:your|path)/to/", "has a placeholder in it", "write the file's real name"),
)  # fmt: skip
"""What makes a path no path of one file, whatever it is for: a pattern, what is said, what mends it."""
_WRITTEN_FAULTS = (
    (r"[*?]|\{[^{}/]{0,200},[^{}/]{0,200}\}", "is a pattern, not a file", "name each file"),
    (r"/$", "is a folder, not a file", "name the files in it"),
)  # fmt: skip
"""What besides makes it no path of a file that can be written."""


def names_files_to_work_on(reading: Reading, about: About) -> Wrongs:
    """Name in each maker's inputs the files it creates, modifies or tests: relative to the codebase, with '/', without '..' and placeholders, each once (rule 3)."""
    for at, task in enumerate(reading.plan.tasks if reading.plan else ()):
        if (
            not checks_work(task)
            and not task.inputs.files
            and not any(map(_names_a_file, (task.inputs.model_extra or {}).values()))
        ):
            hint = "add files_to_create, files_to_modify or files_to_test"
            yield reading.wrong(("tasks", at, "inputs"), "this maker is given no file to work on", hint)
        yield from _written_well(reading, at, task)
        yield from _once(reading, at, task)


def _names_a_file(value: object) -> bool:
    """Whether an input of a skill's own holds what looks like the path of a file."""
    each = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else [value]
    return any(isinstance(one, str) and _LOOKS_LIKE_A_FILE.fullmatch(one.strip()) for one in each)


def _written_well(reading: Reading, at: int, task: Task) -> Wrongs:
    for name, number, file in listed(task):
        path: Path = ("tasks", at, "inputs", name, number)
        patterns = _FAULTS if name == "files_to_test" else (*_FAULTS, *_WRITTEN_FAULTS)
        for pattern, said, hint in () if _SURELY_GOOD.fullmatch(file) else patterns:
            if re.search(pattern, file):
                yield reading.wrong(path, f"{shown(file)} {said}", hint)
                break


def _once(reading: Reading, at: int, task: Task) -> Wrongs:
    """Each file once in a list, and not both created and modified by one maker."""
    seen: dict[tuple[bool, str], str] = {}
    for name, number, file in listed(task):
        key = (name == "files_to_test", plain(file))
        if key in seen:
            said = "twice there" if seen[key] == name else f"under {seen[key]} too"
            yield reading.wrong(("tasks", at, "inputs", name, number), f"{shown(file)} is {said}", "leave one out")
        seen.setdefault(key, name)


def listed(task: Task) -> Iterator[tuple[str, int, str]]:
    """Each file a task names: the input's name, the place in it, the file."""
    for name in LISTS:
        for number, file in enumerate(getattr(task.inputs, name) or ()):
            yield name, number, file


def plain(file: str) -> str:
    """``file`` without what does not change which file it is: ``./``, a double ``/``."""
    return re.sub(r"/(?:\.?/)+", "/", f"/{file}")[1:] if "//" in file or "./" in file else file

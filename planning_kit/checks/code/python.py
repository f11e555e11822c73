"""Python, read by Python itself, in the process aside: files, excerpts, sessions with ``>>>`` and notebook cells."""

from __future__ import annotations

import ast
import re
import sys
import textwrap

from .languages import elided
from .trees import first_fault

Fault = tuple[int, int, str, str]
"""Line and column from 1, what is wrong, what mends it."""
_PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.|In \[\d+\]:|\s+\.\.\.:)(?: |$)")
_MAGIC = re.compile(r"[ \t]*(?:%{1,2}[A-Za-z]\w*|![A-Za-z./]|\?{1,2}[A-Za-z])|[A-Za-z_][\w.]*\?{1,2}[ \t]*$")
_LEFT_OUT = re.compile(r"(?<=[\w\]\"')}]),[ \t]*(?:\.\.\.|…)[ \t]*(?=[)\]}])")
_HEAD = re.compile(
    r"[ \t]*(?:async def|def|class|if|elif|else|for|while|with|try|except|finally|match|case)\b.*:[ \t]*(?:#.*)?"
)
_NEWER = re.compile(
    r"""(?m)^[ \t]*(?:type[ \t]+\w+[ \t]*(?:\[[^\]\n]*\][ \t]*)?=|(?:async[ \t]+def|def|class)[ \t]+\w+\[|.*\bf(?:"[^"\n]*\{[^}"\n]*"|'[^'\n]*\{[^}'\n]*'))"""
)
"""What Python reads from 3.12 on: type statements, type parameters, the same quotes within an f-string."""
_MOST = 500_000


def fault(text: str, whole: str) -> Fault | None:
    """Why ``text`` is no Python (3.11 or what runs this); nothing when it is.

    Args:
        text: the code.
        whole: ``yes`` when it says it is a file; else it may be an excerpt, a session or a notebook's cell.
    """
    if len(text) > _MOST:
        raise ValueError("it is too long to be read")
    first = _of(text, whole)
    if first is None or whole:
        return first
    if _is_output(text) or any(_of(tried, "") is None for tried in _excerpts(text)):
        return None
    if sys.version_info < (3, 12) and _NEWER.search(text) and not first_fault(textwrap.dedent(text), "python"):
        return None  # written for a newer Python than this one
    return _of(textwrap.dedent(text), "") or first


def _of(text: str, whole: str) -> Fault | None:
    try:
        tree = ast.parse(text)
        compile(tree, "x", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        if (
            not whole
            and re.search(r"outside (?:async )?(?:function|loop)|not properly in loop", error.msg or "")
            and "await" not in (error.msg or "")
        ):
            return None  # an excerpt of a function or a loop
        return _said(error, text)
    except ValueError as error:
        return 1, 1, str(error), ""
    return None


def _said(error: SyntaxError, text: str) -> Fault:
    message = (error.msg or "invalid syntax").removesuffix(" (<unknown>, line 1)")
    line, column = min(max(error.lineno or 1, 1), text.count("\n") + 1), max(error.offset or 1, 1)
    hint = ""
    if re.search("[“”‘’]", message):
        hint = "write straight quotes"
    elif "expected ':'" in message:
        hint = "end the line with :"
    elif "expected an indented block" in message:
        hint = "write what stands in it, or ..."
        after = re.search(r"on line (\d+)", message)
        line, column = (int(after.group(1)), 1) if after else (line, column)
    elif "Maybe you meant" in message or "forgot" in message:
        message, _, hint = message.partition(". ")
    elif "outside async function" in message:
        hint = "make the function 'async def'"
    return line, column, re.sub(r" on line \d+|\(detected at line \d+\)", "", message).strip(), hint


def _is_output(text: str) -> bool:
    """Whether it is what Python prints, or a cell of another language."""
    return text.lstrip().startswith(("Traceback (most recent call last)", "%%"))


def _excerpts(text: str) -> list[str]:
    """What ``text`` may be an excerpt of, each complete."""
    lines = textwrap.dedent(text).split("\n")
    if any(_PROMPT.match(line) for line in lines):
        lines = [_PROMPT.sub("", line, count=1) if _PROMPT.match(line) else "" for line in lines]
    lines = [re.sub(r"\S.*", "pass", line) if _MAGIC.match(line) else line for line in lines]
    plain = textwrap.dedent(_LEFT_OUT.sub("", "\n".join(re.sub(r"^(\s*)…\s*$", r"\1...", line) for line in lines)))
    found = [plain, elided(plain), _bodies(plain), f"x(\n{plain}\n)"]
    found.append(f"{plain.rstrip()}\nclass X: ...")  # a decorator alone
    found.append(f"if x:\n    pass\n{plain}")
    found.append(f"try:\n    pass\n{plain}")
    found.append("match x:\n" + textwrap.indent(plain, "    "))
    return [each for each in found if each != text]


def _bodies(text: str) -> str:
    """``text`` with a body for each head that has only a comment saying that something was left out, or nothing at the end."""
    lines = text.rstrip().split("\n")
    made = []
    for at, line in enumerate(lines):
        rest = [each for each in lines[at + 1 :] if each.strip()]
        indent = line[: len(line) - len(line.lstrip())]
        left_out = bool(rest) and re.fullmatch(r"\s*#\s*(?:\.\.\.|…).*", rest[0]) is not None
        made.append(line)
        if _HEAD.fullmatch(line) and (not rest or left_out):
            made.append(f"{indent}    ...")
    return "\n".join(made)

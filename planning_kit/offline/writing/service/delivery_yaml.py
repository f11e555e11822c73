"""A pipeline as YAML that reads as if written by hand: keys in their order, scripts as blocks, a blank line before each job."""

from __future__ import annotations

import re
from typing import Any

import yaml

Values = dict[str, Any]


class _Dumper(yaml.SafeDumper):
    """Lists stand further right than their key, scripts stand as blocks, and nothing is written once and referred to."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, data: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Dumper.add_representer(str, _text)


def written(file: str, value: Values, apart: str) -> str:
    """``value`` as the file ``file``.

    Args:
        apart: the pattern of the lines (with their indentation) that have a blank line before them, beside every key on the top.
    """
    text = str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=10_000, allow_unicode=True))
    text = re.sub(r"(?m)^'on':", "on:", text)
    text = re.sub(rf"(?m)^(?={apart})", "\n", text)
    text = re.sub(
        r"(?m)^(?=(?:jobs|stages|variables|env|default|workflow|concurrency|permissions|trigger|pr|on):)", "\n", text
    )
    return f"# {file}\n" + re.sub(r"\n{3,}", "\n\n", re.sub(r":\n\n(?=\s)", ":\n", text)).lstrip("\n")


def script(lines: tuple[str, ...] | list[str]) -> str:
    """Lines of shell as one text: a block as soon as there are two."""
    return lines[0] if len(lines) == 1 else "\n".join(lines) + "\n"

"""Findings as SARIF 2.1.0, the format code hosts show beside the lines of a change.

Source: OASIS Standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01", 2023-08-28; the
sections are named where something is not obvious.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .. import digest
from ..checks import sentences
from ..checks.ignored import RULES
from ..document import Finding
from .lint import Checked, Linted

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_OWN = {**RULES, "can-be-checked": "Keep artefacts small enough to be checked."}


def log(linted: Linted) -> dict[str, Any]:
    """A SARIF log of one run over all documents."""
    levels: dict[str, str] = {}
    for finding in linted.findings:
        levels[finding.rule] = "error" if "error" in (levels.get(finding.rule), finding.severity) else "warning"
    names = sorted(levels)
    said = {**sentences(), **_OWN}
    index = {name: at for at, name in enumerate(names)}
    driver = {
        "name": "planning-kit",
        "version": version("planning-kit"),
        "rules": [
            {
                "id": name,
                "shortDescription": {"text": said.get(name, name.replace("-", " "))},
                "fullDescription": {"text": said.get(name, name.replace("-", " "))},
                "help": {"text": said.get(name, name.replace("-", " "))},
                "defaultConfiguration": {"level": levels[name]},
            }
            for name in names
        ],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(linted)],
        "columnKind": "unicodeCodePoints",
        "results": [result for each in linted.checked for result in _results(each, index)],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _invocation(linted: Linted) -> dict[str, Any]:
    """How it went (3.20): a file that could not be read is an error of the tool, what was not checked a note."""
    unread = [{"level": "error", "message": {"text": _text(why)}} for why in linted.refused]
    notes = [
        {"level": "note", "message": {"text": _text(f"not checked: {kind} ({number}): {why}")}}
        for (kind, why), number in linted.unchecked.items()
    ]
    return {"executionSuccessful": not linted.refused, "toolExecutionNotifications": unread + notes}


def _results(checked: Checked, index: Mapping[str, int]) -> list[dict[str, Any]]:
    seen: Counter[str] = Counter()
    location = _location(checked)
    made = []
    for finding in checked.findings:
        line = checked.document.line(finding.line).strip()
        mark = digest.of_fact([finding.rule, line])[:16]
        seen[mark] += 1
        region = {"startLine": max(1, finding.line)}
        if finding.column:
            region["startColumn"] = finding.column
        made.append(
            {
                "ruleId": finding.rule,
                "ruleIndex": index[finding.rule],
                "level": finding.severity,
                "message": {"text": _text(_sentence(finding))},
                "locations": [{"physicalLocation": {"artifactLocation": location, "region": region}}],
                "partialFingerprints": {"ruleAndLine/v1": f"{mark}:{seen[mark]}"},
            }
        )
    return made


def _sentence(finding: Finding) -> str:
    mends = f" (fix: {finding.hint})" if finding.hint else ""
    return f"{finding.message}{mends} [{finding.tool}]"


def _text(said: str) -> str:
    """``said`` as a plain text message, in which ``{0}`` would be a placeholder (3.11.5) and ``[words](target)`` a link (3.11.6)."""
    return re.sub(r"\{(\d+)\}", r"{{\1}}", " ".join(said.split())).replace("](", "] (")


def _location(checked: Checked) -> dict[str, str]:
    """Where the document is: relative to the folder the command was given in, which is the root for a code host (3.4)."""
    path = checked.source.path
    if path is None:
        return {"uri": "stdin"}
    try:
        relative = Path(os.path.abspath(path)).relative_to(Path.cwd())
    except ValueError:
        return {"uri": Path(os.path.abspath(path)).as_uri()}
    return {"uri": quote(os.fsencode(relative.as_posix()), safe="/"), "uriBaseId": "%SRCROOT%"}

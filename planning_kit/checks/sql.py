"""SQL, checked by squawk (PostgreSQL)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from ..document import Document
from .about import About
from .artefact import Artefact
from .kind import Kind
from .wrong import Wrong, Wrongs, tool


def parses_its_sql(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write DDL in fenced sql blocks that parse (PostgreSQL, unless the block says another dialect)."""
    if re.match(r"\s*--\s*dialect:\s*(?!postgres)", artefact.text, re.I):
        return
    squawk = Path(sys.executable).with_name("squawk")
    command = [str(squawk) if squawk.exists() else "squawk", "--reporter", "json", "--stdin-filepath", "schema.sql"]
    ran = subprocess.run(command, input=artefact.text, capture_output=True, text=True, timeout=60, check=False)
    for fault in json.loads(ran.stdout or "[]"):
        if fault["rule_name"] == "syntax-error":
            yield Wrong(fault["line"] + 1, f"SQL: {fault['message']}", tool=tool("squawk-cli", "squawk"))


def _tool(artefact: Artefact, about: About) -> str:
    return tool("squawk-cli", "squawk")


KIND = Kind(_tool, (parses_its_sql,))

"""Mermaid by the real Mermaid: whether a diagram is one, and what it looks like; each text once."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any

TOOL = f"mermaid 11 (mermaidx {version('mermaidx')})"
SECONDS = 20
"""How long one diagram may be parsed."""
MOST_ROWS = 24
"""How many attribute rows of an erDiagram are drawn: each costs about a fifth of a second (measured on two cores)."""

_STACK = 32 * 1024 * 1024
# QuickJS does not optimise patterns that begin with ^, which Mermaid's lexers try at every token: sticky ones are equal and fast.
_STICKY = """
(() => { const match = String.prototype.match, made = new Map();
String.prototype.match = function (rule) {
  if (!(rule instanceof RegExp) || rule.global || rule.sticky || rule.multiline || !rule.source.startsWith("^(?:")) return match.call(this, rule);
  let sticky = made.get(rule);
  if (!sticky) { sticky = new RegExp(rule.source.slice(1), rule.flags + "y"); made.set(rule, sticky); }
  sticky.lastIndex = 0;
  return match.call(this, sticky);
}; })();
"""
_PARSE = """
globalThis.said = null;
mermaid.parse(globalThis.source).then(() => { said = ""; }, (fault) => { said = ("" + ((fault && fault.message) || fault) || "?").slice(0); });
"""


@dataclass(frozen=True)
class Fault:
    """Why a diagram is none, and on which ``line`` of its source (from 1)."""

    message: str
    line: int


class _Parser:
    """One JavaScript context with Mermaid in it, on a thread of its own: it must never be used from another."""

    def __init__(self) -> None:
        self._context: Any = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mermaid")
        before = threading.stack_size(_STACK)  # Mermaid recurses deep, and a thread takes its stack when it starts
        try:
            self._thread.submit(int).result()
        finally:
            threading.stack_size(before)

    def parse(self, source: str) -> str:
        """What Mermaid says against ``source``; empty if nothing."""
        return self._thread.submit(self._parse, source).result()

    def _parse(self, source: str) -> str:
        context, self._context = self._context or _context(), None
        try:
            context.set("source", source)
            context.eval(_PARSE)
            while context.execute_pending_job():
                pass
            said = context.eval("said")
        except (
            Exception
        ) as error:  # the engine raises whatever JavaScript threw, and on its time limit; the context is not used again
            return f"Mermaid gave up: {error}"
        self._context = context
        return "Mermaid did not come to an end" if said is None else str(said)


def _context() -> Any:
    import quickjs
    from mermaidx.engines._common import context_scripts

    context = quickjs.Context()
    context.set_memory_limit(512 * 1024 * 1024)
    context.set_max_stack_size(_STACK * 3 // 4)
    context.eval("globalThis.__log = () => {};")
    for script in (*context_scripts(), _STICKY):
        context.eval(script)
    context.set_time_limit(SECONDS)
    return context


@lru_cache(maxsize=1)
def _parser() -> _Parser:
    return _Parser()


@lru_cache(maxsize=256)
def fault(source: str) -> Fault | None:
    """What is wrong with ``source``, or nothing (a third of a second for the first, then milliseconds)."""
    said = _parser().parse(source)
    if not said:
        return None
    at = re.search(r"on line (\d+)", said)
    reason = " ".join(line.strip() for line in said.splitlines() if not re.match(r"^\.{3}|^-+\^", line.strip()))
    return Fault(reason.removeprefix("Error: ")[:300], int(at.group(1)) if at else 1)


@lru_cache(maxsize=256)
def draw(source: str) -> str:
    """``source`` as SVG (half a second to five each, then remembered); empty if it cannot be drawn."""
    import mermaidx

    try:
        return str(mermaidx.render(thinned(source)).svg())
    except Exception:  # the renderer raises whatever its JavaScript threw
        return ""


def thinned(source: str) -> str:
    """``source``, without the attributes of its entities if it is an erDiagram with more than :data:`MOST_ROWS` of them."""
    if not re.match(r"\s*erDiagram\b", source):
        return source
    rows = re.findall(r"(?m)^\s*\w+\s+\w+[^|{}\n]*$", source)
    return re.sub(r"[ \t]*\{\n[^{}|]*\n[ \t]*\}", "", source) if len(rows) > MOST_ROWS else source

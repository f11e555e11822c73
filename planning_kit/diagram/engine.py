"""Mermaid itself, in the process aside: a diagram is parsed once, and drawn on demand. Nothing here is called in any other process."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from . import mends, said

LIMIT = 8.0
"""How long Mermaid may take for one parse, in seconds: less than the process has, so that it outlives a hostile diagram."""
_STACK = 32 * 1024 * 1024
_MOST_MENDED = 20_000
"""The longest diagram that is parsed again to find what mends it, in characters."""


class Exhausted(Exception):
    """Mermaid came to no end; says why."""


class _Mermaid:
    """One JavaScript context with Mermaid in it, on a thread of its own: it must never be used from another."""

    def __init__(self) -> None:
        self._context: Any = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mermaid")
        before = threading.stack_size(_STACK)  # Mermaid recurses deep, and a thread takes its stack when it starts
        try:
            self._thread.submit(int).result()
        finally:
            threading.stack_size(before)

    def look(self, source: str) -> dict[str, Any]:
        """What Mermaid knows of ``source``, or says against it under ``fault``."""
        return self._thread.submit(self._look, source).result()

    def _look(self, source: str) -> dict[str, Any]:
        context, self._context = self._context or _context(), None  # a context that raised is not used again
        context.set("source", source)
        try:
            context.eval("looked(source)")
            while context.execute_pending_job():
                pass
        except Exception as error:  # the engine raises whatever JavaScript threw past every handler
            raise Exhausted(
                f"it took longer than {LIMIT:g} s" if "interrupted" in str(error) else said.shortened(str(error))
            ) from None
        answer = context.eval(
            "answer === null ? '' : answer.slice(0)"
        )  # a long concatenation must be copied to get out
        self._context = context
        return dict(json.loads(answer)) if answer else {"fault": {"message": "Mermaid did not come to an end"}}


@cache
def _mermaid() -> _Mermaid:
    return _Mermaid()


def _context() -> Any:
    import quickjs
    from mermaidx.engines._common import context_scripts

    context = quickjs.Context()
    context.set_memory_limit(512 * 1024 * 1024)
    context.set_max_stack_size(_STACK * 3 // 4)
    context.eval("globalThis.__log = () => {};")
    for script in (*context_scripts(), _script()):
        context.eval(script)
    context.eval("mermaid.parse('info')")  # makes the kinds of diagram known
    while context.execute_pending_job():
        pass
    context.set_time_limit(LIMIT)
    return context


def _script() -> str:
    return Path(__file__).with_name("engine.js").read_text(encoding="utf-8")


def read(source: str) -> dict[str, Any]:
    """What Mermaid says of ``source``: ``fault`` (message, line, column, hint) if it cannot be read, else ``facts`` without lines."""
    found = _mermaid().look(source)
    if "fault" not in found:
        return {"facts": found}
    fault = said.placed(source, found["fault"])
    if len(source) <= _MOST_MENDED:
        fault = mends.mended(source, fault, _fault)
    return {"fault": fault._asdict()}


def _fault(source: str) -> said.Fault | None:
    found = _mermaid().look(source)
    return said.placed(source, found["fault"]) if "fault" in found else None


def draw(source: str) -> dict[str, str]:
    """``source`` as ``svg``, or ``why`` not."""
    try:
        return {"svg": _engine().render_svg(source, "default", None, None)}
    except Exception as error:  # the renderer raises whatever its JavaScript threw
        return {"why": said.shortened(str(error) or type(error).__name__)}


@cache
def _engine() -> Any:
    from mermaidx.engines.quickjs_engine import Engine

    class Quick(Engine):  # type: ignore[misc]
        """Draws as it does, and reads as fast as the one above."""

        def _build_context(self) -> Any:
            context = super()._build_context()
            context.eval(_script())
            return context

    engine = Quick()
    engine.start()
    return engine

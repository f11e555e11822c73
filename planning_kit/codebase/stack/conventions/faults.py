"""How errors are told to the caller, raised, and mapped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ...evidence import Evidence, Statement
from ...tree import Tree
from .majority import CLEAR, FEWEST

_FORMATS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "errors are answered as problem+json (RFC 9457)",
        ("problem+json", "ProblemDetail", "PROBLEM_JSON"),
        re.compile(r"application/problem\+json|\bProblemDetails?\b|\bPROBLEM_JSON\b|\bAddProblemDetails\b"),
    ),
    (
        'errors are answered as {"error": {…}}',
        ("error",),
        re.compile(r"[\"']error[\"']\s*(?::|=>)\s*(?:\{|\[(?!\])|gin\.H|map\[|array\(|fiber\.Map)|\berror:\s*\{\s*(?:code|message|type|status)\b"),
    ),
    (
        'errors are answered as {"error": "…"}',
        ("error",),
        re.compile(r"(?:json|JSON|H\{|Map\{|jsonify|response|Response|status)[^\n]{0,60}[\"']?\berror[\"']?\s*(?::|=>)\s*(?:[\"'`]|\w+[.\w]*\(?\)?\s*[,})]|err)"),
    ),
    ('errors are answered as {"detail": …}', ("detail",), re.compile(r"\bHTTPException\([^\n]{0,120}\bdetail\s*=|[\"']detail[\"']\s*:|^\s*detail\s*=")),
    (
        'errors are answered as {"message": …}',
        ("message",),
        re.compile(r"\.status\(\s*(?:[45]\d\d|\w+[sS]tatus\w*)[^\n]{0,40}\)\s*\.\s*(?:json|send)\(\s*\{\s*(?:success\s*:\s*false\s*,\s*)?message\b|response\(\)->json\(\s*\[\s*['\"]message['\"]"),
    ),
)  # fmt: skip
_HANDLERS = re.compile(
    r"@\w+\.(?:exception_handler|errorhandler|app_errorhandler)\(\s*([\w.]*)|\badd_exception_handler\(\s*([\w.]+)|@(?:Rest)?ControllerAdvice\b|@Catch\(\s*([\w.]*)"
    r"|\(\s*err\w*\s*(?::\s*[^,()]{1,40})?,\s*_?req\w*\s*(?::\s*[^,()]{1,40})?,\s*_?res\w*\s*(?::\s*[^,()]{1,40})?,\s*_?next|\bsetErrorHandler\(|\brescue_from\s+([\w:]+)"
    r"|\bimpl\s+(?:IntoResponse|ResponseError)\s+for\s+(\w+)|\bIExceptionHandler\b|\bUseExceptionHandler\(|EXCEPTION_HANDLER|\bHTTPErrorHandler\b|\bErrorHandler:\s*\w|\binstall\(StatusPages\)|\bapp\.onError\("
)
_ERROR_CLASS = re.compile(
    r"\bclass\s+(\w+)\s*(?:\(\s*([\w.]+)|\s+extends\s+([\w.\\]+)|\s*<\s*([\w:]+)|\s*(?:\([^)\n]{0,200}\)\s*)?:\s*([\w.]+))"
)
_ERROR_ROOT = re.compile(
    r"^(?:Exception|BaseException|RuntimeException|StandardError|Error|HttpException|ValueError|HTTPException|\\?Exception|ApplicationException|APIException|Throwable)$"
)

_COMMENT = re.compile(r"\s*(?:#(?!\[)|//|\*|/\*)")
_WIDEST = 500
"""Characters of a line that are looked at."""


def _lines(
    tree: Tree, code: Sequence[str], hints: Sequence[str], pattern: re.Pattern[str]
) -> list[tuple[Evidence, re.Match[str]]]:
    """Where ``pattern`` matches in a line that holds one of ``hints`` and is no comment; with the line after it, as calls go on there."""
    found = []
    for path in code:
        for number, line, after in _holding(tree.text(path), hints):
            if not _COMMENT.match(line):
                match = pattern.search(f"{line[:_WIDEST]}\n{after[:_WIDEST]}")
                if match and match.start() <= len(line):
                    found.append((Evidence(path, number), match))
    return found


def _holding(text: str, hints: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """The lines that hold one of ``hints``: number, the line, and the one after it."""
    number, start = 1, 0
    for place in sorted(place for hint in hints for place in _places(text, hint)):
        if place >= start:
            begin = text.rfind("\n", start, place) + 1 or start
            end = _end(text, begin)
            number += text.count("\n", start, begin)
            yield number, text[begin:end], text[end + 1 : _end(text, end + 1)]
            number, start = number + 1, end + 1


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _end(text: str, at: int) -> int:
    """Where the line that goes on at ``at`` ends."""
    found = text.find("\n", at)
    return found if found >= 0 else len(text)


def errors(tree: Tree, code: Sequence[str]) -> Iterable[Statement]:
    """The format errors are answered in, the exception they are raised as, and what maps one to the other."""
    formats = [
        (value, hits)
        for value, hints, pattern in _FORMATS
        if (hits := [where for where, _ in _lines(tree, code, hints, pattern)])
    ]
    total = sum(len(hits) for _, hits in formats)
    if formats:
        value, hits = formats[0] if "9457" in formats[0][0] else max(formats, key=lambda each: len(each[1]))
        if (
            "9457" in value
            or len(hits) >= CLEAR * total
            and (len(hits) >= FEWEST or len(formats) == 1 and len(hits) > 1)
        ):
            yield Statement("Errors", value, tuple(hits[:2]))
    handlers = _lines(
        tree,
        code,
        ("andler", "ANDLER", "Advice", "@Catch", "rescue_from", "err", "impl ", "StatusPages", "onError"),
        _HANDLERS,
    )
    yield from _raised(tree, code, handlers)


def _raised(tree: Tree, code: Sequence[str], handlers: Sequence[tuple[Evidence, re.Match[str]]]) -> Iterable[Statement]:
    """The exception most others derive from, and where exceptions become answers."""
    below: Counter[str] = Counter()
    where: dict[str, Evidence] = {}
    for evidence, found in _lines(tree, code, ("class ",), _ERROR_CLASS):
        name = found.group(1)
        base = re.split(r"[.:\\]+", next(part for part in found.groups()[1:] if part))[-1]
        if re.search(r"(?:Error|Exception|Failure|Problem|Fault)s?$", name) and name != base:
            where.setdefault(name, evidence)
            if not _ERROR_ROOT.match(base):
                below[base] += 1
    own = [(name, count) for name, count in below.most_common() if name in where]
    files = {evidence.path for evidence, _ in handlers}
    mapped = f" and mapped in {'one handler' if len(files) == 1 else f'{len(files)} handlers'}" if handlers else ""
    if own and own[0][1] >= 2 and (len(own) == 1 or own[0][1] > own[1][1]):
        lines = (where[own[0][0]], *(each for each, _ in handlers[:1]))
        yield Statement("Errors", f"errors are raised as {own[0][0]} ({own[0][1]} kinds){mapped}", lines)
    elif handlers and len(files) == 1:
        yield Statement("Errors", "errors are mapped to answers in one handler", (handlers[0][0],))

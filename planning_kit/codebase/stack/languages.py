"""The languages of a part: those its manifests are for, with the version they ask for; without a manifest those of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..evidence import Evidence, Statement
from .manifests import Spoken, is_exact, readable
from .part import Part
from .sources import ECOSYSTEMS, language, telling_line

_PINS = {
    ".python-version": "Python", ".nvmrc": "Node.js", ".node-version": "Node.js", ".ruby-version": "Ruby", ".java-version": "Java",
    ".go-version": "Go",
}  # fmt: skip
_TOOLS = {
    "python": "Python",
    "nodejs": "Node.js",
    "node": "Node.js",
    "ruby": "Ruby",
    "golang": "Go",
    "go": "Go",
    "java": "Java",
    "php": "PHP",
    "rust": "Rust",
}
_IMAGES = {
    "python": "Python",
    "node": "Node.js",
    "ruby": "Ruby",
    "golang": "Go",
    "php": "PHP",
    "rust": "Rust",
    "eclipse-temurin": "Java",
    "openjdk": "Java",
    "amazoncorretto": "Java",
}
_FROM = re.compile(r"(?i)^FROM\s+(?:--platform=\S+\s+)?(?:[\w.-]+/){0,3}([\w-]+):v?([0-9]+(?:\.[0-9]+)*)")
_RUST = re.compile(r"channel\s*=\s*\"([0-9][\w.]*)\"")
_SPOKEN = {
    "python": ("Python",), "npm": ("TypeScript", "JavaScript"), "go": ("Go",), "cargo": ("Rust",), "jvm": ("Kotlin", "Java", "Scala", "Groovy"),
    "ruby": ("Ruby",), "php": ("PHP",), "nuget": ("C#", "F#", "Visual Basic"), "dart": ("Dart",),
}  # fmt: skip
_LEAST_SHARE = 5
"""A second language of one ecosystem is said when at least one file in so many is written in it."""


def state(part: Part) -> Iterator[Statement]:
    """What languages ``part`` is written in, the one with most files first."""
    versions = list(_versions(part))
    for ecosystem in part.ecosystems:
        for name in _names(part, ecosystem):
            statement = _stated(part, name, ecosystem, versions)
            if statement.evidence:
                yield statement


def _names(part: Part, ecosystem: str) -> list[str]:
    """The languages of one ecosystem, by files; what its manifest says when there are none."""
    counts = {name: part.languages[name] for name in part.languages if ECOSYSTEMS.get(name, name) == ecosystem}
    if not counts:
        said = [
            each.name for manifest in part.manifests for each in manifest.languages if manifest.ecosystem == ecosystem
        ]
        typed = ecosystem == "npm" and (
            f"{_at(part)}tsconfig.json" in part.sizes or ("npm", "typescript") in part.dependencies
        )
        known = [name for name in said if name in _SPOKEN.get(ecosystem, ())]
        return (
            ["TypeScript"]
            if typed
            else known[:1] or [_SPOKEN.get(ecosystem, (ecosystem,))[-1 if ecosystem == "npm" else 0]]
        )
    most = sum(counts.values())
    if ecosystem == "npm":
        typed = counts.get("TypeScript", 0) * 2 >= most
        return ["TypeScript" if typed else "JavaScript"]
    return [name for name, count in sorted(counts.items(), key=lambda each: -each[1]) if count * _LEAST_SHARE >= most]


def _at(part: Part) -> str:
    return "" if part.path == "." else f"{part.path}/"


def _stated(part: Part, name: str, ecosystem: str, versions: list[Spoken]) -> Statement:
    runtime = "Node.js" if ecosystem == "npm" else name
    known = [each for each in versions if each.name == runtime]
    best = next((each for each in known if each.version), None)
    evidence = [Evidence(each.path, each.line) for each in known[:2]]
    value = name
    if best:
        shown = best.version if re.match(r"edition|\.NET|[0-9<>=~^(\[!]", best.version) else ""
        value = f"{name} ({runtime} {shown})" if runtime != name else f"{name} {shown}".strip()
        value = f"{name} ({shown})" if shown.startswith((".NET", "edition")) else value
        evidence = [
            Evidence(best.path, best.line),
            *(each for each in evidence if each != Evidence(best.path, best.line)),
        ]
    if len(evidence) < 2 or runtime != name:
        evidence += _shown_by_a_file(part, name, ecosystem)
    return Statement("Language", value, tuple(evidence[:3]))


def _shown_by_a_file(part: Part, name: str, ecosystem: str) -> list[Evidence]:
    """A source in that language, at its first declaration; without one the first dependency of the manifest."""
    for path in part.sources:
        if language(path) == name and (line := telling_line(part.text(path))):
            return [Evidence(path, line)]
    for manifest in part.manifests:
        if manifest.ecosystem == ecosystem:
            lines = part.text(manifest.path).split("\n")
            first = next((number for number, line in enumerate(lines, 1) if line.strip("{} ")), 1)
            return [Evidence(manifest.path, manifest.dependencies[0].line if manifest.dependencies else first)]
    return []


def _versions(part: Part) -> Iterator[Spoken]:
    """What says a version of a language: pins first, then exact declarations, ranges, and at last the image it runs in."""
    declared = [each for manifest in part.manifests for each in manifest.languages]
    above = [each for manifest in part.above for each in manifest.languages if manifest.ecosystem in part.ecosystems]
    yield from _pinned(part)
    yield from (each for each in declared if is_exact(each.version))
    yield from (each for each in declared if each.version and not is_exact(each.version))
    yield from above
    yield from _images(part)


def _pinned(part: Part) -> Iterator[Spoken]:
    for folder in dict.fromkeys((_at(part), "")):
        for file, name in _PINS.items():
            lines = part.text(f"{folder}{file}").split("\n")
            version = readable(lines[0].strip().removeprefix("ruby-").removeprefix("v"))
            if version:
                yield Spoken(name, version, f"{folder}{file}", 1)
        for number, line in enumerate(part.text(f"{folder}.tool-versions").split("\n"), 1):
            words = line.split()
            if len(words) > 1 and words[0] in _TOOLS and readable(words[1]):
                yield Spoken(_TOOLS[words[0]], readable(words[1]), f"{folder}.tool-versions", number)
        for number, line in enumerate(part.text(f"{folder}rust-toolchain.toml").split("\n"), 1):
            if found := _RUST.match(line):
                yield Spoken("Rust", found.group(1), f"{folder}rust-toolchain.toml", number)


def _images(part: Part) -> Iterator[Spoken]:
    for path in part.files:
        if path.rpartition("/")[2] == "Dockerfile":
            for number, line in enumerate(part.text(path).split("\n"), 1):
                if (found := _FROM.match(line)) and found.group(1) in _IMAGES:
                    yield Spoken(_IMAGES[found.group(1)], found.group(2), path, number)

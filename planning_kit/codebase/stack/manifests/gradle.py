"""What a Gradle project declares: build and settings scripts read line by line, version catalogs, gradle.properties."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .declared import DEV, LONGEST_LINE, RUN, Dependency, Manifest, Spoken, key, readable, toml
from .python import Text, table

_CONFIGURED = re.compile(
    r"(?:add\(\s*)?[\"']?(\w{0,60}(?:[iI]mplementation|[aA]pi|[rR]untimeOnly|[cC]ompileOnly|[cC]ompile|[rR]untime|developmentOnly|classpath))[\"']?[ (,]\s*(.+)"
)
_NOTATION = re.compile(r"[\"']([\w.-]+:[\w.-]+)(?::([^\"':@]{0,60}))?[^\"']{0,60}[\"']")
_NAMED = re.compile(
    r"group\s*[:=]\s*[\"']([\w.-]+)[\"'],\s*name\s*[:=]\s*[\"']([\w.-]+)[\"'](?:,\s*version\s*[:=]\s*[\"']([^\"']+)[\"'])?"
)
_CATALOGUED = re.compile(r"\blibs\.([A-Za-z][\w.]*)")
_PLUGIN = re.compile(r"(?:id|kotlin)[ (]\s*[\"']([\w.-]+)[\"']\)?(?:\s+version\s*\(?\s*[\"']([^\"']+)[\"'])?(.*)")
_ALIAS = re.compile(r"alias\(\s*libs\.plugins\.([A-Za-z][\w.]*)\s*\)(.*)")
_VARIABLE = re.compile(
    r"(?:val|var|def|ext\.)?\s*([A-Za-z][\w.]{0,60})\s*(?::\s*String)?\s*=\s*[\"']([0-9][^\"']{0,40})[\"']"
)
_USED = re.compile(r"\$\{?([A-Za-z][\w.]{0,60})\}?")
_JAVA = re.compile(
    r"(?:JavaLanguageVersion\.of\(|(?:source|target)Compatibility\s*=?\s*[\"']?(?:JavaVersion\.VERSION_)?|jvmToolchain\(|release\s*=\s*|jvmTarget\s*=\s*[\"']?)\s*(?:1[._])?([0-9]{1,2})\b"
)
_INCLUDE = re.compile(r"include[ (]|[\"'(,]")
_PATH = re.compile(r"[\"']:?([\w:./-]+)[\"']")


@dataclass(frozen=True)
class _Known:
    """What names stand for in a build script: variables, and the catalog's libraries and plugins (name, version)."""

    variables: Mapping[str, str]
    libraries: Mapping[str, tuple[str, str]]
    plugins: Mapping[str, tuple[str, str]]

    def resolved(self, version: str) -> str:
        return readable(_USED.sub(lambda name: self.variables.get(name.group(1).split(".")[-1], ""), version or ""))


def build(path: str, text: Text) -> Manifest:
    """A build.gradle or build.gradle.kts (Gradle's manual), line by line: it is a program, and is not run."""
    known = _known(path, text)
    found, spoken = [], []
    for number, line in _code(text(path)):
        if configured := _CONFIGURED.match(line):
            work = "test" in configured.group(1).lower() or configured.group(1) == "classpath"
            for name, version in _libraries(configured.group(2), known):
                found.append(Dependency(name, version, path, number, DEV if work else RUN))
        elif plugin := _plugin(line, known):
            found.append(Dependency(f"plugin:{plugin[0]}", plugin[1], path, number))
            if plugin[0] in ("org.jetbrains.kotlin.jvm", "jvm"):
                spoken.append(Spoken("Kotlin", plugin[1], path, number))
        if asked := _JAVA.search(line):
            spoken.append(Spoken("Java", asked.group(1), path, number))
    managed = [
        (key("org.springframework.boot"), each.version)
        for each in found
        if each.name == "plugin:org.springframework.boot"
    ]
    return Manifest(path, "jvm", tuple(found), tuple(spoken), managed=tuple(managed))


def settings(path: str, text: Text) -> Manifest:
    """A settings.gradle or settings.gradle.kts: the projects it includes."""
    members, going_on = [], False
    for _, line in _code(text(path)):
        if line.startswith("include") and not line.startswith("includeBuild") or going_on and _INCLUDE.match(line):
            members += [found.replace(":", "/") for found in _PATH.findall(line)]
            going_on = not line.endswith(")") if "(" in line or going_on else line.endswith(",")
        else:
            going_on = False
    return Manifest(path, "jvm", members=tuple(members), names=False)


def _code(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their number, without comments and the spaces around them."""
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if len(line) > LONGEST_LINE:
            continue
        if inside or line.startswith("/*"):
            inside = "*/" not in line
        elif line and not line.startswith("//"):
            yield number, line.split(" //")[0].rstrip()


def _libraries(asked: str, known: _Known) -> Iterator[tuple[str, str]]:
    if named := _NAMED.search(asked):
        yield key(f"{named.group(1)}:{named.group(2)}"), known.resolved(named.group(3))
    elif written := _NOTATION.search(asked):
        yield key(written.group(1)), known.resolved(written.group(2))
    elif (alias := _CATALOGUED.search(asked)) and (found := known.libraries.get(_dotted(alias.group(1)))):
        yield found


def _plugin(line: str, known: _Known) -> tuple[str, str] | None:
    if alias := _ALIAS.match(line):
        name, version = known.plugins.get(_dotted(alias.group(1)), ("", ""))
        return (name, version) if name and "apply false" not in alias.group(2) else None
    if (plugin := _PLUGIN.match(line)) and "apply false" not in plugin.group(3):
        return key(plugin.group(1)), known.resolved(plugin.group(2))
    applied = re.match(r"apply\s*\(?\s*plugin\s*[:=]\s*[\"']([\w.-]+)[\"']", line)
    return (key(applied.group(1)), "") if applied else None


def _dotted(alias: str) -> str:
    """A catalog's alias as build scripts write it."""
    return re.sub(r"[-_]", ".", alias).lower().removesuffix(".get()")


def _known(path: str, text: Text) -> _Known:
    """What the folder of ``path`` and those above it give names to."""
    variables: dict[str, str] = {}
    libraries: dict[str, tuple[str, str]] = {}
    plugins: dict[str, tuple[str, str]] = {}
    folder = posixpath.dirname(path)
    while True:
        for name in ("gradle.properties", "build.gradle", "build.gradle.kts"):
            for line in text(posixpath.join(folder, name)).split("\n"):
                plain = re.match(r"([A-Za-z][\w.]{0,60})\s*=\s*([0-9]\S{0,40})\s*$", line) or _VARIABLE.match(
                    line.strip()
                )
                if plain:
                    variables.setdefault(plain.group(1).split(".")[-1], plain.group(2))
        if catalog := text(posixpath.join(folder, "gradle/libs.versions.toml")):
            _catalogued(catalog, libraries, plugins)
        if not folder:
            return _Known(variables, libraries, plugins)
        folder = posixpath.dirname(folder)


def _catalogued(catalog: str, libraries: dict[str, tuple[str, str]], plugins: dict[str, tuple[str, str]]) -> None:
    """Take what a version catalog names (Gradle's manual, "Version catalogs") into ``libraries`` and ``plugins``."""
    try:
        data = toml(catalog)
    except (ValueError, RecursionError):
        return
    versions = table(data, "versions")
    for into, kind in ((libraries, "libraries"), (plugins, "plugins")):
        for alias, asked in table(data, kind).items():
            if isinstance(asked, str):
                name, _, version = asked.rpartition(":")
            elif isinstance(asked, dict):
                name = asked.get("module") or asked.get("id") or f"{asked.get('group')}:{asked.get('name')}"
                version = asked.get("version", "")
                if isinstance(version, dict):
                    version = versions.get(version.get("ref"), "")
            else:
                continue
            into.setdefault(_dotted(alias), (key(str(name)), readable(version)))

"""What a Maven module declares: pom.xml, with the versions its properties and parents give."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from .declared import DEV, OPTIONAL, RUN, Dependency, Manifest, Spoken, key, readable
from .markup import Element, root
from .python import Text

_PROPERTY = re.compile(r"\$\{([\w.-]{1,100})\}")
_JAVA = ("java.version", "maven.compiler.release", "maven.compiler.source", "maven.compiler.target")
_MOST_PARENTS = 5
_SCOPES = {"test": DEV, "provided": RUN, "system": DEV}


def pom(path: str, text: Text) -> Manifest | None:
    """A pom.xml (Maven's POM reference)."""
    chain = list(_chain(path, text))
    if not chain:
        return None
    project = chain[0][1]
    properties = {
        each.tag: each.text.strip()
        for _, ancestor in reversed(chain)
        for each in (ancestor.child("properties") or Element("", 0)).children
    }
    managed = {name: version for _, each in reversed(chain) for name, version in _managed(each, properties)}
    found = list(_declared(project, path, properties, managed))
    spoken = _spoken(chain, properties)
    members = tuple(each.text.strip() for each in project.all("modules", "module") if each.text.strip())
    names = project.value("packaging") != "pom"
    return Manifest(path, "jvm", tuple(found), spoken, members, names, tuple(managed.items()))


def _chain(path: str, text: Text) -> Iterator[tuple[str, Element]]:
    """The POM at ``path`` and its parents inside the tree, nearest first."""
    seen: set[str] = set()
    while path not in seen and len(seen) < _MOST_PARENTS:
        seen.add(path)
        project = root(text(path))
        if project is None or project.tag != "project":
            return
        yield path, project
        parent = project.child("parent")
        if parent is None:
            return
        relative = parent.value("relativePath") if parent.child("relativePath") else "../pom.xml"
        if not relative:
            return
        above = posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))
        path = above if above.endswith(".xml") else posixpath.join(above, "pom.xml")
        if path.startswith(("../", "/")):
            return


def _managed(project: Element, properties: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Versions a POM sets without depending on anything: its parent's group, its dependencyManagement."""
    parents = project.all("parent")
    for each in (*parents, *project.all("dependencyManagement", "dependencies", "dependency")):
        group, artifact = each.value("groupId"), each.value("artifactId")
        version = readable(_resolved(each.value("version"), properties))
        if version:
            yield key(f"{group}:{artifact}"), version
            if each.tag == "parent" or each.value("scope") == "import":
                yield key(group), version


def _declared(project: Element, path: str, properties: dict[str, str], managed: dict[str, str]) -> Iterator[Dependency]:
    asked = [
        *project.all("dependencies", "dependency"),
        *project.all("build", "plugins", "plugin"),
        *project.all("parent"),
    ]
    for each in asked:
        group, artifact = each.value("groupId"), each.child("artifactId")
        if artifact is None:
            continue
        name = key(f"{group}:{artifact.text.strip()}")
        version = (
            readable(_resolved(each.value("version"), properties)) or managed.get(name) or managed.get(key(group), "")
        )
        optional = each.value("optional") == "true" and group != "org.springframework.boot"
        scope = OPTIONAL if optional else _SCOPES.get(each.value("scope"), RUN)
        if each.tag != "dependency":
            name = f"{each.tag}:{name}"
        known = each.child("groupId")
        told = known is None or group.rpartition(".")[2] in artifact.text
        yield Dependency(name, version, path, artifact.line if told or known is None else known.line, scope)


def _resolved(text: str, properties: dict[str, str]) -> str:
    for _ in range(3):
        text = _PROPERTY.sub(lambda name: properties.get(name.group(1), ""), text.strip()[:200])
    return text


def _spoken(chain: list[tuple[str, Element]], properties: dict[str, str]) -> tuple[Spoken, ...]:
    for path, project in chain:
        if found := project.child("properties", "kotlin.version"):
            return (Spoken("Kotlin", readable(_resolved(found.text, properties)), path, found.line),)
    for path, project in chain:
        for name in _JAVA:
            if found := project.child("properties", name):
                return (Spoken("Java", _java(_resolved(found.text, properties)), path, found.line),)
        for plugin in project.all("build", "plugins", "plugin"):
            for name in ("release", "source"):
                if found := plugin.child("configuration", name):
                    return (Spoken("Java", _java(_resolved(found.text, properties)), path, found.line),)
    return ()


def _java(version: str) -> str:
    """``1.8`` is what Java 8 calls itself."""
    return readable(version.removeprefix("1.") if version.startswith("1.") else version)

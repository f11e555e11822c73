"""What a .NET project declares: *.csproj, Directory.Packages.props, packages.config."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from .declared import DEV, RUN, Dependency, Manifest, Spoken, key, readable
from .markup import Element, root
from .python import Text

_LANGUAGES = {".csproj": "C#", ".fsproj": "F#", ".vbproj": "Visual Basic"}
_FRAMEWORK = re.compile(r"net(?:coreapp|standard)?([0-9]+(?:\.[0-9]+)?)")
_PROPERTY = re.compile(r"\$\(([\w.]{1,100})\)")
_TESTED = ("microsoft.net.test.sdk", "xunit", "nunit", "mstest.testframework", "sdk:mstest.sdk", "tunit")


def project(path: str, text: Text) -> Manifest | None:
    """A project file of the .NET SDK (MSBuild's reference)."""
    top = root(text(path))
    if top is None or top.tag != "Project":
        return None
    central, properties, inherited = _above(path, text)
    properties |= {each.tag: each.text.strip() for group in top.all("PropertyGroup") for each in group.children}
    found = []
    if sdk := top.attributes.get("Sdk", "").split("/")[0]:
        found.append(Dependency(key(f"sdk:{sdk}"), _runtime(properties), path, top.line))
    for each in (*top.all("ItemGroup", "PackageReference"), *top.all("ItemGroup", "FrameworkReference")):
        name = key(each.attributes.get("Include", ""))
        version = each.attributes.get("Version") or each.value("Version") or each.attributes.get("VersionOverride", "")
        version = readable(_resolved(version, properties)) or central.get(name, "")
        private = each.attributes.get("PrivateAssets", each.value("PrivateAssets")).lower() == "all"
        found.append(Dependency(name, version, path, each.line, DEV if private else RUN))
    place = next(((path, each.line) for group in top.all("PropertyGroup") for each in group.children
                  if each.tag.startswith("TargetFramework")), inherited or (path, top.line))  # fmt: skip
    language = _LANGUAGES.get(posixpath.splitext(path)[1], "C#")
    runtime = _runtime(properties)
    spoken = Spoken(language, f".NET {runtime}" if runtime else "", *place)
    return Manifest(path, "nuget", tuple(found), (spoken,))


def is_test(manifest: Manifest) -> bool:
    """Whether a project only tests others."""
    named = {each.name for each in manifest.dependencies}
    return manifest.ecosystem == "nuget" and bool(named.intersection(_TESTED))


def packages_config(path: str, text: Text) -> Manifest | None:
    """A packages.config of NuGet."""
    top = root(text(path))
    if top is None:
        return None
    found = [
        Dependency(key(each.attributes.get("id", "")), readable(each.attributes.get("version")), path, each.line,
                   DEV if each.attributes.get("developmentDependency") == "true" else RUN)
        for each in top.all("package")
    ]  # fmt: skip
    return Manifest(path, "nuget", tuple(found))


def _above(path: str, text: Text) -> tuple[dict[str, str], dict[str, str], tuple[str, int] | None]:
    """Central versions, shared properties, and where the shared target framework stands, from the nearest files above."""
    central: dict[str, str] = {}
    properties: dict[str, str] = {}
    place = None
    for name in ("Directory.Build.props", "Directory.Packages.props"):
        for folder in _folders(path):
            where = posixpath.join(folder, name)
            top = root(text(where)) if text(where) else None
            if top is None:
                continue
            properties |= {each.tag: each.text.strip() for group in top.all("PropertyGroup") for each in group.children}
            place = _target(top, where) or place
            for each in top.all("ItemGroup", "PackageVersion"):
                version = readable(_resolved(each.attributes.get("Version", ""), properties))
                central[key(each.attributes.get("Include", ""))] = version
            break
    return central, properties, place


def _target(top: Element, path: str) -> tuple[str, int] | None:
    groups = (each for group in top.all("PropertyGroup") for each in group.children)
    return next(((path, each.line) for each in groups if each.tag.startswith("TargetFramework")), None)


def _folders(path: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _runtime(properties: dict[str, str]) -> str:
    named = properties.get("TargetFramework") or properties.get("TargetFrameworks", "").split(";")[-1]
    found = _FRAMEWORK.match(_resolved(named, properties))
    return found.group(1) if found else ""


def _resolved(text: str, properties: dict[str, str]) -> str:
    for _ in range(3):
        text = _PROPERTY.sub(lambda name: properties.get(name.group(1), ""), text[:200])
    return text

"""What is already there: files, languages and declared dependencies, each with its evidence by path and line; nothing is executed."""

from __future__ import annotations

import json
import os
import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import files
from .errors import OptionRefused
from .redact import redact

MOST_FILES = 20_000
"""How many files are counted before the rest is left out."""
MOST_SECONDS = 10.0
"""How long the walk may take, in seconds."""
LARGEST = 256_000
"""The longest manifest that is read, in bytes."""
MOST_DEPENDENCIES = 80
"""How many dependencies are listed."""

_SKIPPED = {
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "vendor",
    "third_party",
    ".venv",
    "venv",
    "__pycache__",
    "dist",
    "build",
    "target",
    ".tox",
}
_LANGUAGES = {
    ".py": "Python", ".ts": "TypeScript", ".tsx": "TypeScript", ".js": "JavaScript", ".jsx": "JavaScript", ".go": "Go", ".rs": "Rust",
    ".java": "Java", ".kt": "Kotlin", ".cs": "C#", ".rb": "Ruby", ".php": "PHP", ".cpp": "C++", ".cc": "C++", ".c": "C", ".scala": "Scala",
    ".swift": "Swift", ".ex": "Elixir", ".sql": "SQL", ".tf": "Terraform", ".proto": "Protocol Buffers", ".graphql": "GraphQL",
}  # fmt: skip
_MANIFESTS = {
    "pyproject.toml",
    "requirements.txt",
    "package.json",
    "go.mod",
    "Cargo.toml",
    "Gemfile",
    "pom.xml",
    "composer.json",
    "build.gradle",
}
_PRESENT = {
    "Dockerfile": "Docker", "docker-compose.yml": "Docker Compose", "compose.yaml": "Docker Compose", "azure-pipelines.yml": "Azure Pipelines",
    ".gitlab-ci.yml": "GitLab CI", "Makefile": "make",
}  # fmt: skip


@dataclass(frozen=True)
class _Found:
    path: str
    size: int


def read_codebase(root: Path, without: Path | None = None) -> str:
    """A digest of the codebase at ``root`` as text, one fact a line with its evidence, secrets redacted.

    Reads only regular files inside the folder, follows no link, runs nothing.

    Args:
        root: the codebase's top folder.
        without: a folder inside it to leave out (where runs are kept).

    Raises:
        OptionRefused: there is no such folder.
    """
    if not root.is_dir():
        raise OptionRefused(f"--repo {root}: no such folder; give the codebase's top folder")
    found_files, left_out = _walk(root, without)
    facts = [f"files: {len(found_files):,}" + (f"; left out: {left_out}" if left_out else "")]
    counted = Counter(_LANGUAGES[s] for found in found_files if (s := Path(found.path).suffix.lower()) in _LANGUAGES)
    first = {_LANGUAGES.get(Path(found.path).suffix.lower(), ""): found.path for found in reversed(found_files)}
    facts += [f"language: {name}, {count} files ({first[name]}:1)" for name, count in counted.most_common(6)]
    facts += [
        f"{_PRESENT[name]}: ({found.path}:1)" for found in found_files if (name := Path(found.path).name) in _PRESENT
    ][:10]
    facts += [
        f"GitHub Actions: ({found.path}:1)"
        for found in found_files
        if re.match(r"\.github/workflows/.*\.ya?ml$", found.path)
    ][:3]
    dependencies = [
        line for found in found_files if Path(found.path).name in _MANIFESTS for line in _dependencies(root, found)
    ]
    facts += dependencies[:MOST_DEPENDENCIES]
    folders = Counter(found.path.split("/")[0] + "/" for found in found_files if "/" in found.path)
    facts += [f"folder: {name} {count} files" for name, count in folders.most_common(20)]
    return redact("\n".join(_printable(fact) for fact in facts) + "\n")


def _walk(root: Path, without: Path | None) -> tuple[list[_Found], str]:
    files: list[_Found] = []
    folders, until = [(root, "", 0)], time.monotonic() + MOST_SECONDS
    while folders:
        if len(files) >= MOST_FILES or time.monotonic() > until:
            return sorted(files, key=lambda found: found.path), f"everything after {len(files):,} files"
        folder, prefix, depth = folders.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                if (
                    entry.name not in _SKIPPED
                    and depth < 40
                    and (without is None or Path(entry.path).resolve() != without)
                ):
                    folders.append((Path(entry.path), f"{prefix}{entry.name}/", depth + 1))
            elif entry.is_file(follow_symlinks=False):
                files.append(_Found(f"{prefix}{entry.name}", entry.stat(follow_symlinks=False).st_size))
    return sorted(files, key=lambda found: found.path), ""


def _text(path: Path) -> str:
    """The text of a regular file, or nothing: what is neither small nor regular is not opened for reading."""
    try:
        return files.read_regular(path, LARGEST, follow=False).decode("utf-8", errors="replace")
    except OSError:
        return ""


def _dependencies(root: Path, found: _Found) -> Iterator[str]:
    if found.size > LARGEST:
        return
    text = _text(root / found.path)
    lines = text.splitlines()
    for name, version in _declared(Path(found.path).name, text):
        at = next((n for n, line in enumerate(lines, start=1) if name in line), 1)
        yield f"dependency: {name}{' ' + version if version else ''} ({found.path}:{at})"


def _declared(kind: str, text: str) -> list[tuple[str, str]]:
    """Name and version of each dependency a manifest declares; an unreadable manifest declares none."""
    try:
        if kind == "pyproject.toml":
            project = tomllib.loads(text)
            poetry = project.get("tool", {}).get("poetry", {}).get("dependencies", {})
            return [_requirement(line) for line in project.get("project", {}).get("dependencies", [])] + [
                (n, str(v)) for n, v in poetry.items()
            ]
        if kind == "Cargo.toml":
            return [
                (n, v if isinstance(v, str) else str(v.get("version", "")))
                for n, v in tomllib.loads(text).get("dependencies", {}).items()
            ]
        if kind in ("package.json", "composer.json"):
            manifest = json.loads(text)
            return [
                (n, str(v)) for group in ("dependencies", "require") for n, v in (manifest.get(group) or {}).items()
            ]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return []
    patterns = {
        "requirements.txt": r"(?m)^([A-Za-z][\w.-]*)(?:\[[^\]]*\])?\s*([=<>~!]=?[^\s;#]*)?",
        "go.mod": r"(?m)^\s*(?:require\s+)?([a-z][\w.-]*\.[a-z]+/\S+)\s+(v\S+)",
        "Gemfile": r"(?m)^\s*gem\s+[\"']([\w-]+)[\"'](?:\s*,\s*[\"']([^\"']+)[\"'])?",
        "pom.xml": r"<artifactId>([\w.-]+)</artifactId>(?:\s*<version>([^<]+)</version>)?",
        "build.gradle": r"(?m)^\s*(?:implementation|api|runtimeOnly)\s*\(?[\"']([\w.:-]+?)(?::([\d.]+\w*))?[\"']",
    }
    return [(name, version or "") for name, version in re.findall(patterns[kind], text)] if kind in patterns else []


def _requirement(line: object) -> tuple[str, str]:
    match = re.match(r"\s*([\w.-]+)(?:\[[^\]]*\])?\s*([^;]*)", str(line))
    return (match.group(1), match.group(2).strip()) if match else (str(line), "")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)[:300]

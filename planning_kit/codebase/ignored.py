"""Which folders of a codebase are not its own source, and what its .gitignore files leave out."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

GIT = "ignored by .gitignore"
VENDORED = "code of others, vendored or installed"
GENERATED = "generated or built"
TOOLS = "a tool's own folder"

MOST_PATTERNS = 1_000
"""Most patterns of one .gitignore that are heeded."""
LONGEST_PATTERN = 500
"""The longest pattern that is heeded, in characters."""

_ALWAYS: dict[str, str] = {
    **dict.fromkeys(
        [
            "node_modules", "bower_components", "jspm_packages", "site-packages", "dist-packages", "third_party", "thirdparty", "third-party",
            ".venv", ".tox", ".nox", ".eggs", "__pypackages__", ".yarn", ".pnpm-store", ".bundle", ".m2", ".ivy2", ".cargo-home", ".gradle",
            "Pods", "Carthage", "elm-stuff"
        ], VENDORED),
    **dict.fromkeys(
        [
            "__pycache__", ".next", ".nuxt", ".svelte-kit", ".angular", ".output", ".vercel", ".netlify", ".docusaurus", ".vuepress",
            ".astro", ".parcel-cache", ".turbo", ".nx", ".serverless", ".aws-sam", "cdk.out", ".terraform", ".terragrunt-cache", ".dart_tool",
            ".stack-work", "dist-newstyle", "DerivedData", ".nyc_output", "htmlcov", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache",
            ".ruff_cache", ".hypothesis", ".import_linter_cache", ".sass-cache", ".cache", ".eslintcache", ".jekyll-cache", ".expo",
            ".metals", ".bloop", ".bsp"
        ], GENERATED),
    **dict.fromkeys([
        ".git", ".hg", ".svn", ".jj", ".bzr", "CVS", "_darcs", ".idea", ".vs", ".fleet", ".settings", ".history", ".vscode-test", ".Trash"
    ], TOOLS),
}  # fmt: skip
"""Folders that are never source, whatever stands in them."""


@dataclass(frozen=True)
class _Doubtful:
    """A name that is sometimes source: what inside shows that it is not, what beside makes it likely (shell patterns)."""

    why: str
    inside: str
    beside: str = ""


_DOUBTFUL: dict[str, _Doubtful] = {
    "vendor": _Doubtful(VENDORED, "modules.txt autoload.php bundle gems cache github.com golang.org *.min.js", "go.mod composer.json Gemfile Cargo.toml package.json"),
    "env": _Doubtful(VENDORED, ""),
    "venv": _Doubtful(VENDORED, "site-packages Lib lib64"),
    "deps": _Doubtful(VENDORED, "", "mix.exs rebar.config"),
    "dist": _Doubtful(GENERATED, "*.whl *.tar.gz *.min.js *.bundle.js *.js.map assets/index-*.js",
                      "package.json pyproject.toml setup.py setup.cfg *.cabal"),
    "build": _Doubtful(GENERATED, "CMakeCache.txt classes libs outputs lib.* bdist.* reports tmp asset-manifest.json build.ninja intermediates generated",
                       "package.json pyproject.toml setup.py setup.cfg build.gradle build.gradle.kts settings.gradle settings.gradle.kts CMakeLists.txt meson.build pubspec.yaml"),
    "target": _Doubtful(GENERATED, "classes test-classes maven-status surefire-reports debug release scala-* streams *.jar *.war",
                        "pom.xml Cargo.toml build.sbt project.clj"),
    "out": _Doubtful(GENERATED, "production artifacts _next *.class", "*.iml .idea next.config.* package.json tsconfig.json"),
    "bin": _Doubtful(GENERATED, "Debug Release net[0-9]* *.dll *.exe *.class", "*.csproj *.fsproj *.vbproj *.vcxproj .classpath"),
    "obj": _Doubtful(GENERATED, "project.assets.json Debug Release *.nuget.*", "*.csproj *.fsproj *.vbproj *.vcxproj"),
    "coverage": _Doubtful(GENERATED, "lcov.info lcov-report coverage-final.json clover.xml coverage.xml coverage-summary.json .last_run.json .resultset.json"),
    "_build": _Doubtful(GENERATED, "", "mix.exs dune-project rebar.config conf.py"),
    "packages": _Doubtful(VENDORED, "repositories.config"),
}  # fmt: skip

_MARKS: dict[str, str] = {"pyvenv.cfg": VENDORED, "conda-meta": VENDORED, "CACHEDIR.TAG": GENERATED}
"""What shows, inside a folder of any name, that it is an environment or a cache (https://bford.info/cachedir/)."""


def why_closed(name: str) -> str:
    """Why a folder called ``name`` is never entered; empty when what stands in it has to be seen first."""
    return _ALWAYS.get(name, "") or (
        GENERATED if name.endswith((".egg-info", ".dist-info", ".xcworkspace", ".xcodeproj")) else ""
    )


def why_left(name: str, inside: Collection[str], beside: Collection[str], top: bool, ruled: bool) -> str:
    """Why the folder called ``name`` is not walked, judged by what stands there; empty when it is source.

    A name that may as well be a package's (``build``, ``out``, ``bin``) needs something inside that a tool left there;
    where no .gitignore says what is built, a manifest of the right kind beside it is enough.

    Args:
        name: the folder's name.
        inside: the names in it.
        beside: the names in the folder it stands in.
        top: whether it stands in the root.
        ruled: whether the root has a .gitignore, which would name what is built.
    """
    if mark := next((mark for mark in _MARKS if mark in inside), ""):
        return _MARKS[mark]
    doubtful = _DOUBTFUL.get(name)
    if doubtful is None:
        return ""
    if _any(doubtful.inside, inside):
        return doubtful.why
    if doubtful.why == VENDORED:
        certain = name == "vendor" and top and "__init__.py" not in inside
        return VENDORED if certain or _any(doubtful.beside, beside) else ""
    certain = name == "dist" and top
    return doubtful.why if not ruled and (certain or _any(doubtful.beside, beside)) else ""


def _any(patterns: str, names: Collection[str]) -> bool:
    return any(
        pattern in names if pattern.isalnum() else any(fnmatchcase(name, pattern) for name in names)
        for pattern in patterns.split()
    )


@dataclass(frozen=True)
class _Rule:
    """One pattern of a .gitignore: ``regex``, whether it leaves out or takes back in, whether it is about what is ``inside`` (``x/**``)."""

    regex: re.Pattern[str]
    leaves_out: bool
    inside: bool

    def fits(self, path: str) -> bool:
        """Whether it is about ``path`` itself; the folders on the way have been judged before."""
        found = self.regex.search(path)
        if found is None or not found.group().endswith("/"):
            return found is not None
        return found.end() < len(path) if self.inside else found.end() == len(path)


@dataclass(frozen=True)
class Rules:
    """What the .gitignore files from the root down to a folder leave out, the nearest one last."""

    levels: tuple[tuple[str, tuple[_Rule, ...]], ...] = ()

    def below(self, folder: str, text: str) -> Rules:
        """These rules and those of the .gitignore that holds ``text`` in ``folder`` (``""`` is the root, others end in ``/``)."""
        lines = (line for line in text.split("\n")[:MOST_PATTERNS] if len(line) <= LONGEST_PATTERN)
        found = tuple(rule for line in lines if (rule := _rule(line.removesuffix("\r"))))
        return Rules((*self.levels, (folder, found[::-1]))) if found else self

    def ignore(self, path: str) -> bool:
        """Whether ``path`` (a folder's ends in ``/``) is left out: the last pattern about it in the nearest .gitignore decides."""
        for folder, rules in reversed(self.levels):
            below = path[len(folder) :]
            for rule in rules:
                if rule.fits(below):
                    return rule.leaves_out
        return False


_STARS = re.compile(r"(?:\[\^/\]\*)+")
_BETWEEN_STARS = re.compile(
    r"\[\^/\]\*((?:(?!\[\^/\]\*)(?:\[\^/\]|\\.|\[\^?\]?[^\]/]*\]|[^/\[\]()\\*]))+)(?=\[\^/\]\*)"
)
_MOST_LEAPS = 3
"""How many ``**`` a pattern may have: each is tried at every folder of the path."""


def _rule(line: str) -> _Rule | None:
    """The pattern in ``line``; nothing for a comment, and for what cannot be read: git passes over that, too.

    The library writes ``*a*b`` as ``[^/]*a[^/]*b``, which tries every pair of places. Another star follows the ``a``, so
    its first place will do: atomic groups keep the time linear.
    """
    if line.count("**") > _MOST_LEAPS:
        return None
    try:
        regex, leaves_out = GitIgnoreSpecPattern.pattern_to_regex(line)
        if regex is None or leaves_out is None:
            return None
        regex = _BETWEEN_STARS.sub(r"(?>[^/]*?\1)", _STARS.sub("[^/]*", regex))
        of_folders = line.rstrip().endswith("/")
        if of_folders and not regex.startswith("^"):  # "*/": any slash would do; the last one tells
            regex = f"^.+{regex}"
        return _Rule(re.compile(regex), leaves_out, line.rstrip().endswith("/**"))
    except (ValueError, re.error, RecursionError):
        return None

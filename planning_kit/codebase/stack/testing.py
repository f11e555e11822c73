"""What a part is tested with, from its manifests, its tests' imports and what the tests look like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..evidence import Evidence, Statement
from .inventory import used
from .part import MOST_TESTS, Part
from .products import TESTERS
from .sources import ECOSYSTEMS, language

_SIGNS = (
    ("cargo test", "cargo", re.compile(r"#\[(?:\w+::)?test\b")),
    ("go test", "go", re.compile(r"^func Test\w*\(", re.M)),
    ("Django tests", "python", re.compile(r"from django\.test import|from rest_framework\.test import")),
    ("RSpec", "ruby", re.compile(r"^[ \t]*(?:RSpec\.)?describe\b.*\bdo$", re.M)),
    ("Minitest", "ruby", re.compile(r"ActiveSupport::TestCase|Minitest::Test|ActionDispatch::IntegrationTest")),
)
_SETTINGS = {
    "pytest.ini": "[pytest]",
    "pyproject.toml": "[tool.pytest",
    "setup.cfg": "[tool:pytest]",
    "tox.ini": "[pytest]",
}
_PYTEST = re.compile(r"^(?:async )?def test_\w+\(", re.M)


def state(part: Part) -> Iterator[Statement]:
    """The test tools of ``part``."""
    held: dict[str, list[Evidence]] = {}
    ecosystems = {*part.ecosystems, *(each.ecosystem for each in (*part.manifests, *part.tests))}
    for product in TESTERS:
        if product.ecosystem not in ecosystems:
            continue
        declared = next(
            (
                each
                for (ecosystem, name), each in part.work.items()
                if ecosystem == product.ecosystem and product.rank(name) is not None
            ),
            None,
        )
        use = used(part.test_uses, product) or used(part.uses, product)
        if declared or use and (product.standard or not _lists(part, product.ecosystem)):
            lines = [*([Evidence(declared.path, declared.line)] if declared else []), *([use] if use else [])]
            held.setdefault(product.value, []).extend(lines)
    for name, evidence in (*_configured(part), *_seen(part)):
        held.setdefault(name, []).append(evidence)
    if "pytest" not in held and (bare := _bare(part)):
        held["pytest"] = [bare]
    if "pytest" in held:
        held.pop("unittest", None)
    for name, lines in held.items():
        yield Statement("Tests", name, tuple(dict.fromkeys(lines))[:3])


def _lists(part: Part, ecosystem: str) -> bool:
    return any(each == ecosystem for each, _ in part.work)


def _configured(part: Part) -> Iterator[tuple[str, Evidence]]:
    for file, section in _SETTINGS.items():
        path = file if part.path == "." else f"{part.path}/{file}"
        for number, line in enumerate(part.text(path).split("\n"), 1):
            if line.startswith(section):
                yield "pytest", Evidence(path, number)
                break


def _seen(part: Part) -> Iterator[tuple[str, Evidence]]:
    """What a test looks like tells what runs it; Rust keeps tests beside the code."""
    texts = {path: part.text(path) for path in part.test_files[:MOST_TESTS]}
    if "cargo" in part.ecosystems:
        texts |= part.read
    for name, ecosystem, pattern in _SIGNS:
        for path, text in texts.items():
            if ECOSYSTEMS.get(language(path)) == ecosystem and (found := pattern.search(text)):
                yield name, Evidence(path, text.count("\n", 0, found.start()) + 1)
                break


def _bare(part: Part) -> Evidence | None:
    """A test that is a plain function, which only pytest runs; it shows so little that anything else is cited before it."""
    if any("unittest" in name or "django.test" in name for _, name in part.test_uses):
        return None
    for path in part.test_files[:MOST_TESTS]:
        text = part.text(path)
        if language(path) == "Python" and (found := _PYTEST.search(text)):
            return Evidence(path, text.count("\n", 0, found.start()) + 1)
    return None

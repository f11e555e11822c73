"""What the openapi-spec-validator refuses is refused here, and what is let through here it lets through too."""

from __future__ import annotations

import contextlib
import warnings
from typing import Any

import pytest
from referencing.exceptions import Unresolvable

from planning_kit.checks.artefact import of_kind
from planning_kit.checks.places import Unreadable, read
from planning_kit.document import Document

from .test_corpus import Sample, samples

EVERY = [
    pytest.param(sample, id=f"{sample.verdict}-{sample.title}")
    for sample in samples("openapi")
    if sample.verdict != "missed"
]


def refused(text: str) -> bool:
    """Whether the validator refuses any whole OpenAPI 3 document in ``text``; excerpts, and files elsewhere, are not for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

        for artefact in of_kind(Document("a.md", text), "openapi"):
            api: Any = read(artefact.text, artefact.lang).value
            if not isinstance(api, dict) or not str(api.get("openapi", "")).startswith(("3.0", "3.1")):
                continue
            validator = OpenAPIV30SpecValidator if str(api["openapi"]).startswith("3.0") else OpenAPIV31SpecValidator
            with contextlib.suppress(Unresolvable, KeyError):  # it stumbles over an extension that is a text
                if any(True for _ in validator(api).iter_errors()):
                    return True
    return False


@pytest.mark.parametrize("sample", EVERY)
def test_whatever_the_validator_refuses_has_an_error_here(sample: Sample) -> None:
    try:
        said = refused(sample.text)
    except Unreadable:
        said = True
    errors = [finding for finding in sample.examined[0] if finding.severity == "error"]
    assert not said or errors
    assert sample.verdict == "bad" or not said

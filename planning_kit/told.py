"""How a reviewer's remark is put to an author: what was said, then where."""

from __future__ import annotations

import re

_WHERE = re.compile(r"\n\n\(About [^\n]*\)\Z")


def told(text: str, where: str) -> str:
    """``text`` with the place it is about, if there is one: ``Say when.`` and ``(About section 'Errors')``."""
    return f"{text}\n\n(About {' '.join(where.split())})" if where else text


def said(remark: str) -> str:
    """A remark as it was said, without the place it is about: what a quote says is no wish."""
    return _WHERE.sub("", remark)

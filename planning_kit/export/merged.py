"""An index handed over into a folder that has one already: the planning section between two marks is replaced, everything else is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

BEGIN = "<!-- planning_kit: from here on the export writes; change what is around it -->"
END = "<!-- planning_kit: up to here -->"
BESIDE = ("architecture.md", "config.md", "infrastructure.md")
"""What others may have put beside the index: it is linked, and not touched."""


def merged(text: str, there: str | None, beside: Sequence[str] = ()) -> str:
    """``text`` as the planning section of the file that is ``there``.

    Args:
        text: the index.
        there: what the file holds now; nothing when there is none.
        beside: names of files beside it that are linked.
    """
    around = _around(there or "")
    own = "".join(around)
    if re.search(r"(?m)^# ", own):  # the file has its title already
        text = re.sub(r"(?m)^(#{1,5}) ", r"#\1 ", text)
    level = "##" if not re.search(r"(?m)^# ", own) else "###"
    links = "\n".join(["", f"{level} Also here", "", *(f"- [{name}]({name})" for name in beside), ""]) if beside else ""
    before, after = around
    return f"{before}{BEGIN}\n\n{text.strip()}\n{links}\n{END}\n{after}"


def _around(there: str) -> tuple[str, str]:
    """What stands before and after the planning section; a file without one gets it at its end."""
    start, stop = there.find(BEGIN), there.find(END)
    if 0 <= start < stop:
        return there[:start], there[stop + len(END) :].removeprefix("\n")
    return (f"{there.rstrip()}\n\n" if there.strip() else ""), ""

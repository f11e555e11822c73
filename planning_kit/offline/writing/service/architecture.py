"""The integration architecture: how the service is cut, what it offers, what it keeps, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .. import api, openapi
from ..basis import Basis
from ..draft import Draft
from ..markdown import ASSUMED, code, fence, listing, quote, shorten
from . import architecture_cut as cut
from . import architecture_flow as flow
from . import architecture_guarded as guarded
from . import architecture_held as held
from . import architecture_kept as kept
from . import architecture_run as run
from .architecture_design import Design
from .architecture_given import agreed, given
from .architecture_offer import taxonomy
from .contract import UNSERVED

_SETTLED = r"(?i)format are errors|prove who|sent twice|requests a second|database given|programming language|versioned|availability is promised"
_KEPT = r"|backups made"
_HOSTED = r"|where does it run"
_UNSERVED = r"|is an http api wanted|operations must the api offer|where does it run|requests may one caller|how fast must an answer|backups made"
"""What nobody has to answer of a program that is started by its user."""
_MOST = 12
"""Most passages without an operation that are asked about one by one."""


def write(basis: Basis) -> Draft:
    """The draft of ``integration-architecture.md``."""
    basis = replace(basis, plan=agreed(basis))
    design = Design(basis)
    plan = basis.plan
    draft = Draft(f"Integration Architecture: {quote(plan.feature)}")
    for area in ("api", "data", "technology", "security", "compliance"):
        settled = (
            _SETTLED
            + (_KEPT if held.lossless(design) else "")
            + (_HOSTED if design.azure else "")
            + ("" if design.served else _UNSERVED)
        )
        draft.take(plan.reading.questions, area, settled)
    draft.add("Overview", *cut.overview(design))
    draft.add("Service boundaries", cut.boundaries(design))
    draft.add("Data flow", *flow.write(design))
    draft.add("Endpoints", api.endpoints(plan))
    draft.add("OpenAPI", fence("yaml", openapi.dump(design.offer.document)))
    draft.add("Error taxonomy", *taxonomy(design.offer, [p.id for p in design.keys]))
    draft.add("Data model", *kept.model(design))
    draft.add("Storage", kept.storage(design, draft))
    draft.add("Migration and versioning", *kept.migration(design))
    draft.add("Authentication and authorization", *guarded.access(design, draft))
    draft.add("Secrets and keys", guarded.secrets(design))
    draft.add("Tenancy", *guarded.tenancy(design, draft))
    draft.add("Personal data", *guarded.personal(design, draft))
    draft.add("Performance and scalability", *held.performance(design, draft))
    draft.add("Reliability", *held.reliability(design))
    draft.add("Service levels", *held.levels(design, draft))
    draft.add("Deployment", *run.deployment(design))
    if design.azure and not design.host and design.served:
        draft.ask("Does it run on Azure, where it is delivered or observed?", "it does; no region is assumed")
    if not design.served and not plan.operations:
        draft.ask("Which commands or functions must the program offer? The brief names none that the rules can read.", "none is drafted")  # fmt: skip
    if plan.operations and not plan.reading.version and design.served:
        draft.ask("How is the API versioned?", "not in its paths; the version stands in the OpenAPI document")
    _unserved(design, draft)
    draft.assumptions += _assumptions(design)
    draft.decisions = _decisions(design)
    return draft


def _unserved(design: Design, draft: Draft) -> None:
    """Ask about the passages that ask for something and that neither an operation nor a job follows from."""
    found = {source for each in design.plan.operations for source in each.sources} | {p.id for p in design.keys}
    for each in design.plan.operations:
        found |= {source for response in each.responses for source in response.sources}
        found |= {source for field in design.plan.fields(each) for source in field.sources}
    found |= {source for each in (*design.jobs, *design.told) for source in each.sources}
    left = [p for p in design.asking if design.basis.classes.get(p.id) == "functional" and p.id not in found]
    for passage in left[:_MOST]:
        draft.ask(f"{UNSERVED} “{shorten(passage.plain, 110).rstrip('.')}”? The rules read neither an operation nor a job from it.", "nothing is drafted for it", passage.id)  # fmt: skip
    if rest := left[_MOST:]:
        draft.ask(f"{UNSERVED} {len(rest)} more passages that ask for something?", "nothing is drafted for them", *(p.id for p in rest))  # fmt: skip


def _assumptions(design: Design) -> Iterator[str]:
    plan = design.plan
    earlier = given(design.basis)
    derived = [o for o in plan.operations if not o.stated]
    if earlier:
        names = listing([code(each.name) for each in earlier], 6)
        yield f"The operations are those approved in {names}, as they stand there; limits, failures and repeated requests are added."
    elif derived:
        yield f"{len(derived)} of {len(plan.operations)} paths are derived from what the brief manages, as resource paths."
    if design.offer.document.get("components", {}).get("responses", {}).get("Unavailable"):
        yield "Every operation the brief does not word itself is limited to 100 requests a minute for each caller (429), and answers 500 or 503 when the service fails."
    if plan.operations and not design.offer.contract.stated_error:
        yield "Errors are problem details (RFC 9457)."
    if any(c.name == "created_at" and not c.sources for t in plan.tables for c in t.columns):
        yield f"Each {design.store.holds} holds when its {design.store.entry} was stored, and when it was changed where an operation changes it."
    yield "What is marked (assumed) is common practice, proposed by rule; the people who run the service confirm or replace it."


def _decisions(design: Design) -> str:
    plan = design.plan
    if not plan.operations and not plan.tables:
        return "Nothing is decided but the frame: the rules read no operation in the brief and nothing that is kept, and both have to be settled first."
    many = f"{len(plan.operations)} operation{'' if len(plan.operations) == 1 else 's'}"
    data = f"{len(plan.tables)} {design.store.holds}{'' if len(plan.tables) == 1 else 's'} in {plan.shown_database}"
    if not design.served:
        return f"One program with {many}{f' keeps {data}' if plan.tables else ''}."
    if design.services:
        first = f"{len(design.parts)} services offer {many}{f' and keep {data}' if plan.tables else ''}"
    else:
        worker = " with a worker" if design.works else ""
        first = f"One service{worker} offers {many}{f' and keeps {data}' if plan.tables else ''}"
    told = f"; {listing([quote(n.name) for n in design.told], 3)} {'is' if len(design.told) == 1 else 'are'} told through an {code('outbox')} {ASSUMED}" if design.told else ""  # fmt: skip
    return f"{first}{told}."

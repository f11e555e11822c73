"""Where the service runs: nodes, instances, environments."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagram import label
from ..markdown import ASSUMED, fence, listing, quote, table
from .architecture_design import Design

MOST = 8
"""Most systems or services one diagram shows."""


def deployment(design: Design) -> Iterator[str]:
    """Where it runs, as a picture, and the environments it goes through."""
    yield _placed(design)
    yield fence("mermaid", _nodes(design))
    yield "### Environments"
    yield table(("Environment", "Purpose", "Differs in", "Promoted by"), _environments(design))


def _placed(design: Design) -> str:
    if not design.served:
        return f"On the machine of whoever starts it; what is released is one package {ASSUMED}."
    where = f"on {quote(design.host)}" if design.host else f"on Azure {ASSUMED}" if design.azure else f"on a container platform, no provider assumed {ASSUMED}"  # fmt: skip
    if design.alone:
        return f"One container {where}, with {design.plan.database[0]} on a volume of its own: a second instance could not write. A release stops it for seconds {ASSUMED}."
    up = design.quantities("availability")
    what = "each service" if design.services else "the API"
    many = (
        f"Two instances of {what} behind the load balancer, so that one may be replaced or lost: {quote(up[0].text)} [{up[0].source}]."
        if up
        else f"Two instances of {what}, so that a release interrupts nobody {ASSUMED}."
    )
    worker = f" One worker; a second one may run, each takes what the other has not locked {ASSUMED}." if design.works else ""  # fmt: skip
    return f"Containers {where}. {many}{worker}"


def _nodes(design: Design) -> str:
    """A flowchart; the syntax is https://mermaid.js.org/syntax/flowchart.html."""
    kept = f'[("{label(design.plan.database[0])}")]' if design.plan.tables else ""
    if not design.served:
        lines = ["flowchart LR", '    user["Whoever starts it"] --> app["The program"]']
        return "\n".join([*lines, *([f"    app --> db{kept}"] if kept else [])])
    edge = f"{label(design.gateway)}, TLS ends here" if design.gateway else "Load balancer, TLS ends here"
    names = [f"{part.name} service, 2 instances" for part in design.parts] if design.services else ["API"] if design.alone else ["API, instance 1", "API, instance 2"]  # fmt: skip
    fronts = {f"run{at}": label(name) for at, name in enumerate(names, start=1)}
    lines = [
        "flowchart LR",
        f'    client["Client"] -->|HTTPS| edge["{edge}"]',
        '    subgraph run["Application network"]',
    ]
    lines += [f'        {key}["{name}"]' for key, name in fronts.items()]
    lines += ['        worker["Worker"]'] if design.works else []
    lines += ["    end", *(f"    edge --> {key}" for key in fronts)]
    if kept:
        lines += ['    subgraph data["Data network, no way in from outside"]', f"        db{kept}", '        backup[("Backups")]', "    end"]  # fmt: skip
        users = [*fronts, *(["worker"] if design.works else [])]
        lines += [*(f"    {key} --> db" for key in users), "    db --> backup"]
    lines += ['    secrets["Secret store"] --> run']
    for at, system in enumerate(design.systems[:MOST], start=1):
        caller = "worker" if system in design.told else "run1"
        lines.append(f'    {caller} --> x{at}["{label(system.name) or f"System {at}"}"]')
    return "\n".join(lines)


def _environments(design: Design) -> list[tuple[str, str, str, str]]:
    built, approved = "the pipeline, after the tests of the build", "a person who did not write the change approves"
    tried = "the pipeline, after integration, contract and security tests; somebody of the team approves"
    if not design.served:
        return [
            ("dev", f"each merged change, as a package for the team {ASSUMED}", "not signed, kept for a week", built),
            ("stage", f"the release candidate, tried as its users will {ASSUMED}", "signed, not announced", tried),
            ("prod", f"the released package {ASSUMED}", "signed, what users get", approved),
        ]
    names = listing([quote(n.name) for n in design.systems], 3)
    fakes = f"; {names} replaced by stand-ins" if names else ""
    tests = f"; test account{'s' if len(design.systems) > 1 else ''} of {names}" if names else ""
    data = "made-up data" if design.plan.tables else "no data"
    people = ", nothing personal" if design.plan.reading.personal else ""
    return [
        ("dev", f"each merged change, for the team {ASSUMED}", f"one instance; {data}{people}{fakes}", built),
        ("stage", f"what is released next, as production runs it {ASSUMED}", f"the size of production for load tests; {data}{people}{tests}", tried),
        ("prod", f"the service its users reach {ASSUMED}", "real data; alerts reach somebody", approved),
    ]  # fmt: skip

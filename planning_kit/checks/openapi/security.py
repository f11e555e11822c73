"""Whether what secures the operations of an OpenAPI document is defined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..fits import close
from ..places import Path
from .said import Said
from .spec import Spec


def schemes(spec: Spec) -> dict[str, Any]:
    """The security schemes, by name."""
    components = spec.value.get("components")
    held = components.get("securitySchemes") if isinstance(components, dict) else None
    held = spec.value.get("securityDefinitions") if spec.version == "2.0" else held
    return held if isinstance(held, dict) else {}


def security(spec: Spec) -> Iterator[Said]:
    """Each requirement that names a scheme, or a scope of OAuth 2, that is not defined."""
    defined = schemes(spec)
    if spec.partial and not defined:
        return
    places: list[tuple[Path, Any]] = [(("security",), spec.value.get("security"))]
    places += [((*each.path, "security"), each.value.get("security")) for each in spec.of("operation")]
    for path, requirements in places:
        for at, each in enumerate(requirements if isinstance(requirements, list) else ()):
            for name, scopes in each.items() if isinstance(each, dict) else ():
                yield from _requirement(spec, (*path, at, name), name, scopes, defined)


def _requirement(spec: Spec, path: Path, name: str, scopes: Any, defined: dict[str, Any]) -> Iterator[Said]:
    where = spec.named(path[:-3])
    if name not in defined:
        if spec.partial:
            return
        near = close(name, map(str, defined))
        hint = f"write {near!r}" if near else f"define {name!r} under components/securitySchemes"
        yield Said(path, f"{where} requires the security scheme {name!r}, which is not defined", hint)
        return
    known = _scopes(spec.followed(defined[name])[0])
    for number, scope in enumerate(scopes if isinstance(scopes, list) else ()):
        if known is not None and isinstance(scope, str) and scope not in known:
            near = close(scope, known)
            hint = f"write {near!r}" if near else f"add {scope!r} to the scopes of {name!r}"
            yield Said((*path, number), f"{where} requires the scope {scope!r}, which {name!r} does not define", hint)


def _scopes(scheme: Any) -> set[str] | None:
    """The scopes an OAuth 2 scheme defines; nothing for another scheme, whose scopes are roles (3.1) or none."""
    if not isinstance(scheme, dict) or scheme.get("type") != "oauth2":
        return None
    flows = scheme.get("flows")
    held = [flow.get("scopes") for flow in flows.values() if isinstance(flow, dict)] if isinstance(flows, dict) else []
    held.append(scheme.get("scopes"))
    return {str(name) for each in held if isinstance(each, dict) for name in each}

"""What a delivery rests on: environments, store, secrets and levels of the architecture as it stands, the language, where it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from slugify import slugify

from .. import stack, technology
from ..basis import Basis
from ..markdown import ASSUMED, cite, code, quote
from . import levels
from .contract import Contract, contract
from .delivery_tools import CSHARP, MAKE, PYTHON, STORES, TOOLS, Beside, Tools

_FILE = re.compile(r"(?i)sqlite|\bfile\b")
_CACHE = re.compile(r"(?i)redis|valkey|memcached|object stor|blob|bucket")
_RUNS = re.compile(r"(?i)kubernetes|\bk8s\b|openshift|\bhelm\b|\bAKS\b|\bEKS\b|\bGKE\b")
_CONTAINERAPPS, KUBERNETES, SCRIPT = "Azure Container Apps", "Kubernetes", ""
AZURE = _CONTAINERAPPS


@dataclass(frozen=True)
class Secret:
    """A variable or secret: its ``name``, whether it is ``hidden``, what it is, where it is ``kept``, who ``reads`` it."""

    name: str
    hidden: bool
    what: str
    kept: str
    reads: str


@dataclass(frozen=True)
class Delivery:
    """How one service goes to production.

    Attributes:
        basis: what the document is written from.
        platform: ``azure``, ``github`` or ``gitlab``.
    """

    basis: Basis
    platform: str

    @cached_property
    def slug(self) -> str:
        """The service's name in names: lower case, digits and hyphens, at most 24 characters, as vaults and registries take it."""
        whole = str(slugify(self.basis.plan.feature)) or "service"
        short = whole if len(whole) <= 24 else whole[:25].rpartition("-")[0] or whole[:24]
        return short.strip("-") if short[:1].isalpha() else f"s-{short}"[:24].strip("-")

    @cached_property
    def environments(self) -> list[str]:
        """The environments of the architecture as names of the platform, in order; dev, stage and prod where it names none."""
        named = [str(slugify(each.split("(")[0])) for each in levels.environments(self.basis)]
        return list(dict.fromkeys(filter(None, named))) or ["dev", "stage", "prod"]

    @cached_property
    def purposes(self) -> dict[str, dict[str, str]]:
        """The architecture's row of each environment."""
        rows = [levels.cells(row) for row in levels.rows(self.basis, "Environments")]
        return {str(slugify(row.get("environment", "").split("(")[0])): row for row in rows}

    @cached_property
    def store(self) -> str:
        """The store that has a schema to migrate; empty without one."""
        kept = [name for name, _ in levels.stores(self.basis)]
        known = [each for name in kept for each in (*STORES, "SQLite") if each.casefold() in name.casefold()]
        return next(iter(known), next((quote(name.strip("` ")) for name in kept if not _CACHE.search(name)), ""))

    @property
    def beside(self) -> Beside | None:
        """The container integration tests run beside, in the version that stack or brief name; nothing for a store that needs none."""
        found = STORES.get(self.store)
        plain = re.fullmatch(r"(\w+):\d[\d.]*", found.image) if found else None
        version = self._version(self.store, "Database") if plain else ""
        return replace(found, image=f"{plain[1]}:{version}") if found and plain and version else found

    def _version(self, name: str, topic: str) -> str:
        """The version of ``name`` that the stack, else a passage of the brief names; empty where neither does."""
        known = [u.version for u in stack.uses(self.basis.plan.stack) if u.topic == topic and u.version and name.casefold() in u.value.casefold()]  # fmt: skip
        said = re.compile(rf"(?i)(?<!\w){re.escape(name)} v?(\d{{1,4}}(?:\.\d{{1,3}})?)(?![\w%])")
        told = (hit[1] for p in self.basis.plan.reading.passages if (hit := said.search(p.plain)))
        return next(iter(known), "") or next(told, "")

    @property
    def migrates(self) -> bool:
        """Whether the pipeline changes the store's shape: there is one, and it is no file of the service's own."""
        return bool(self.store) and not _FILE.search(self.store)

    @cached_property
    def language(self) -> tuple[str, str]:
        """The language in lower case with what says so; empty where nothing does."""
        chosen = self.basis.options.get("stack", "none")
        if chosen in ("python", "csharp"):
            return chosen, "the option `stack`"
        named = technology.language(self.basis.plan)
        return (named, "the brief or its stack") if named else ("", "")

    @cached_property
    def tools(self) -> Tools:
        """The commands of the language, in the version the stack names; targets of a Makefile where the rules do not know it."""
        name = self.language[0]
        tools = {"python": PYTHON, "csharp": CSHARP}.get(name) or TOOLS.get(name, replace(MAKE, name=name))
        version = self._version(tools.name, "Language") if tools.known else ""
        return replace(tools, version=version, image=f"{tools.image.partition(':')[0]}:{version}") if version else tools

    @cached_property
    def contract(self) -> Contract:
        """The OpenAPI document."""
        return contract(self.basis)

    @property
    def packaged(self) -> bool:
        """Whether what is released is a package somebody starts, a command line or a library."""
        return not self.basis.plan.reading.served

    @cached_property
    def hosts(self) -> tuple[str, str]:
        """Where it runs, as far as brief and stack say so, with the source: :data:`AZURE`, :data:`KUBERNETES`, or :data:`SCRIPT`."""
        if self.packaged:
            return SCRIPT, ""
        named = [(use.value, code(use.evidence)) for use in stack.uses(self.basis.plan.stack)]
        technologies, passages = self.basis.plan.reading.technologies, self.basis.plan.reading.by_id
        named += [(each.name, cite(each.sources, 2)) for each in technologies]
        clouds = dict.fromkeys(source for each in technologies if each.kind == "cloud" for source in each.sources)
        named += [(hit.group(), f"[{name}]") for name in clouds if name in passages and (hit := _RUNS.search(passages[name].plain))]  # fmt: skip
        for name, source in named:
            if _RUNS.search(name):
                return KUBERNETES, source
        if any(stack.HOSTS.search(name) and not re.search(r"(?i)azure", name) for name, _ in named):
            return SCRIPT, next(s for n, s in named if stack.HOSTS.search(n))
        source = next((s for n, s in named if re.search(r"(?i)\bazure\b", n)), ASSUMED)
        return (_CONTAINERAPPS, source) if self.platform == "azure" else (SCRIPT, "" if source == ASSUMED else source)

    @property
    def host(self) -> str:
        """Where it runs."""
        return self.hosts[0]

    @cached_property
    def apps(self) -> list[str]:
        """What runs the image: the service, and its worker if the architecture has one."""
        rows = levels.rows(self.basis, "Service boundaries")
        worker = any(re.match(r"(?i)\W*worker\b", row.get("service", "")) for row in rows)
        return [self.slug, f"{self.slug}-worker"] if worker else [self.slug]

    @property
    def loaded(self) -> str:
        """The environment whose load tests come before production; empty where there is nothing to call."""
        middle = self.environments[1:-1]
        return next((e for e in middle if "stag" in e), middle[-1] if middle else "") if self.contract.calls else ""

    @property
    def verified(self) -> str:
        """The environment the contract tests run against after each deployment; empty where there is nothing to call."""
        return self.environments[0] if self.contract.calls and len(self.environments) > 1 else ""

    def approver(self, environment: str) -> str:
        """Who approves a deployment to ``environment``; empty where nobody has to: the first one."""
        if environment == self.environments[0] and len(self.environments) > 1:
            return ""
        if environment == self.environments[-1]:
            return "a person who answers for production and did not write the change"
        return "a person of the team"

    def variables(self) -> Iterator[Secret]:
        """Every variable and secret of the pipeline."""
        first = self.environments[0]
        each = f"each of {', '.join(code(e) for e in self.environments)}"
        kept = {
            "azure": "Key Vault of the environment",
            "github": "secret of the environment",
            "gitlab": "masked, protected variable of the environment",
        }[self.platform]
        plain = {"azure": f"variable group `{self.slug}-<environment>`", "github": "variable of the environment", "gitlab": "variable of the environment"}[self.platform]  # fmt: skip
        if self.platform == "azure":
            yield Secret("registry", False, "the registry's login server", f"variable group `{self.slug}-build`", "build, scan, each deployment")  # fmt: skip
        if self.platform == "github":
            yield Secret("GITHUB_TOKEN", True, "pushes and pulls the image", "made by GitHub for each job, gone with it", "build, scan, each deployment")  # fmt: skip
        if self.platform == "gitlab":
            yield Secret("CI_REGISTRY_PASSWORD", True, "pushes and pulls the image", "made by GitLab for each job, gone with it", "build, scan, each deployment")  # fmt: skip
        yield Secret("serviceUrl" if self.platform == "azure" else "SERVICE_URL", False, "address of the service in that environment", plain, f"{each}; checks after `{first}`")  # fmt: skip
        if self.platform == "azure" and (self.migrates or self.host != AZURE):
            yield Secret("keyVault", False, "name of the Key Vault of that environment", plain, each)
        if self.migrates:
            yield Secret("migration-database-url" if self.platform == "azure" else "MIGRATION_DATABASE_URL", True, f"account that changes the schema of {self.store}; the service has another one", kept, f"{each}, the migration only")  # fmt: skip
        if self.beside and self.beside.hidden:
            build = {"azure": f"variable group `{self.slug}-build`, as a secret", "github": "secret of the repository", "gitlab": "masked variable of the project"}  # fmt: skip
            yield Secret("DB_TEST_PASSWORD", True, "password of the throw-away store, which has to be a strong one", build[self.platform], "test")  # fmt: skip
        if self.host == _CONTAINERAPPS:
            yield Secret("containerApps, resourceGroup", False, f"the apps that run the image, parted by blanks ({' and '.join(self.apps)}), and where they are", plain, each)  # fmt: skip
            yield Secret(f"{self.slug}-<environment>", True, "service connection by workload identity federation: no stored credential", "service connections of the project", each)  # fmt: skip
        elif self.host == KUBERNETES:
            yield Secret("kubeconfig" if self.platform == "azure" else "KUBE_CONFIG", True, "service account that may update this one deployment", kept, each)  # fmt: skip
        else:
            yield Secret("deploy-token" if self.platform == "azure" else "DEPLOY_TOKEN", True, "what `deploy/release.sh` signs in with where the service runs", kept, each)  # fmt: skip

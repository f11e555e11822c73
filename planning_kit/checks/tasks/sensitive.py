"""Sensitive work says what keeps it safe."""

from __future__ import annotations

import re

from ...tasks.model import Endpoint, Task
from ..about import About
from ..wrong import Wrongs
from .named import operation
from .pairs import checks_work
from .read import Reading

_SENSITIVE = re.compile(
    r"(?i)\b(?:sign(?:ing)?[- ]?(?:in|up)|log(?:ging)?[- ]?in|passwords?|passkeys?|payments?|payouts?|refunds?|credit cards?|webhooks?|"
    r"(?:access|refresh|api|session|bearer|reset|auth\w*)[- _]?(?:tokens?|keys?)|api[- ]?keys?|secrets?|credentials?|(?:file )?uploads?|"
    r"personal data|personally identifiable|health data|patient records?|medical records?|impersonat\w+|roles? and permissions?|stripe|paypal)\b"
)
"""What is sensitive to build, by the words people have for it."""
_SAFE = re.compile(
    r"(?i)auth|sign(?:ed)?[- ]?in|signature|log(?:ged)?[- ]?in|secur|permission|permit|privile|\brole|\baccess|\bowner|\bown\b|tenant|token|session|"
    r"credential|secret|password|encrypt|\btls\b|https|hash|csrf|cors|xss|inject|escap|saniti|redact|mask|\bkms\b|vault|rotat|expir|replay|idempot|"
    r"rate[- ]limit|throttl|\b401\b|\b403\b|forbid|refus|den(?:y|ied)|allow|audit|privac|personal|consent|gdpr|\bpci\b|verif|virus|malware|scan|spoof|tamper|"
    r"anmeld|berechtig|zugriff|sicher|geheim|verschl|autor|seguri|sécuri|sicur|contrase|mot de passe|permis|droits"
)
"""Words of which a security requirement has at least one, in the languages briefs come in."""
_CALLERS = re.compile(
    r"(?i)\bonly\b|reject|\bjwt|bearer|\bapi[- ]?key|member|guest|anonym|visitor|stranger|turned away|\bwho may|may not|must not|"
    r"another (?:user|customer|person|account)|other (?:users|customers|people|accounts)|somebody else|someone else|"
    r"인증|권한|로그인|인가|認証|認可|権限|ログイン|认证|授权|权限|登录|авториз|аутент|вход|вошед|доступ|права|zalogow|uprawn|odmow|ingelogd|bevoegd|"
    r"toegang|aanmeld|geweiger|acesso|entrar|entrou|recusa|yetki|giriş|oturum|nur |solo |solamente|seul|apenas|somente|accès|connexion|connect|acced"
)
"""Words besides by which a maker says who may call what it delivers."""
_ENGLISH = re.compile(r"(?i)\b(?:the|and|with|from|that|each|every|when|without|returns?|pass(?:es)?|works?)\b")
"""Words that only English sentences have; in another language what keeps work safe may be said in words that are not known here."""
_USUAL = ("401", "403", "sign", "auth", "secur", "role", "access")
"""The most frequent of them, which are found quickly."""


def says_what_keeps_it_safe(reading: Reading, about: About) -> Wrongs:
    """Give a maker whose work is sensitive (who may call it, sign-in, payments, webhooks, secrets, uploads, personal data) a security requirement or criterion (rule 4)."""
    plan = reading.plan
    if plan is None:
        return
    protected = {operation(each.name): each for each in plan.architecture.endpoints if each.auth == "required"}
    for at, task in enumerate(plan.tasks):
        if (
            checks_work(task)
            or _is_safe("\n".join(_criteria(task)))
            or _is_safe(_SENSITIVE.sub(" ", task.inputs.requirements or ""))
        ):
            continue
        delivered = [
            name for name in map(operation, task.delivers.operations if task.delivers else ()) if name in protected
        ]
        if delivered and not _CALLERS.search("\n".join((*_criteria(task), task.inputs.requirements or ""))):
            said = f"delivers {_named(protected, delivered)} for callers who have signed in, and says nothing of who may call"
            hint = "add a critical criterion: without sign-in it answers 401, and a caller who may not gets 403"
            severity = "error" if _ENGLISH.search("\n".join((_about(task), *_criteria(task)))) else "warning"
            yield reading.wrong(("tasks", at, "validation_criteria"), said, hint, severity)
        elif "test" not in task.skill_id.lower() and (word := _SENSITIVE.search(_about(task))):
            said = f"is about {word.group(0)!r}, and no requirement or criterion says what keeps it safe"
            hint = "add a security requirement to its inputs.requirements or its criteria"
            yield reading.wrong(("tasks", at, "validation_criteria"), said, hint, "warning")


def _named(protected: dict[str, Endpoint], delivered: list[str]) -> str:
    return protected[delivered[0]].name + (f" and {len(delivered) - 1} more" if len(delivered) > 1 else "")


def _about(task: Task) -> str:
    return " ".join((task.task_name, task.description, task.inputs.requirements or ""))


def _criteria(task: Task) -> list[str]:
    criteria = task.validation_criteria
    return [*criteria.critical, *criteria.expected, *criteria.nice_to_have]


def _is_safe(text: str) -> bool:
    """Whether ``text``, a maker's criteria, or its requirements without the words for what is sensitive, asks for what keeps it safe."""
    lower = text.lower()
    return any(word in lower for word in _USUAL) or bool(_SAFE.search(text))

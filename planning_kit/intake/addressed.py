"""Text in a brief that speaks to whoever writes the plan, or that a reader of the brief would not see."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator

from ..brief import Passage
from . import invisible
from .remark import Remark

SPEAKS, HIDES = "addresses-the-reader", "hidden-text"
_LONGEST_BLOB = 8_192

_MODEL = r"(?:AI|A\.I\.|LLM|language model|large language model|chat ?bot|ChatGPT|Claude|GPT|Gemini|agent|planner|consultant|assistant)"
_SAYS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i)\b(?:ignore|disregard|forget|override|bypass|neglect|overlook)\b[ ,]{1,3}(?:all |any |every |each |the |your |of |these |those |my |what ){0,5}(?:previous|prior|above|earlier|preceding|foregoing|former|existing|system|original|initial)\b[\w ,/-]{0,30}?\b(?:instructions?|prompts?|directions?|guidelines|directives|training)\b",
        r"(?i)\b(?:ignore|disregard|forget|override)\b (?:all |any |every |the ){0,2}(?:your|you were|you have been) ?\w{0,12} ?(?:instructions?|prompts?|rules|guidelines|training|told|given)\b",
        r"(?i)\b(?:ignore|disregard|forget) (?:everything|all|anything)(?: that| which)? (?:above|before|you (?:were|have been|know)|said (?:above|before|so far))\b",
        r"(?i)\byou are (?:now|no longer|from now on) (?:an? |the |in |acting |bound |DAN\b|free|operating|my )|\bfrom now on,? you (?:are|will|must|shall|act)\b|\b(?:act|behave) as (?:if you (?:are|were)|an? (?:unrestricted|uncensored|jailbroken|evil))\b|\b(?:DAN|developer|god|jailbreak) mode (?:is )?(?:on|enabled|activated)\b",
        r"(?i)\b(?:reveal|print|show|repeat|output|leak|disclose|tell me|give me|send|include|exfiltrate|write down|quote)\b (?:me |us |all |out |back |here ){0,3}(?:of )?(?:your|the) (?:full |whole |entire |complete |hidden |initial |original |exact )*(?:system (?:prompt|message)|instructions|developer message|API[ _-]?keys?(?= (?:you|from your|in your|of the model))|environment variables|chain of thought|credentials you|secrets you)\b",
        r"(?i)\b(?:reveal|print|show|repeat|output|leak|disclose|send|include|exfiltrate|quote)\b (?:me |us |all |out )*your (?:\w+ ){0,2}(?:prompt|instructions|API[ _-]?keys?|keys?|credentials|secrets|environment)\b",
        r"(?i)<\|(?:im_start|im_end|im_sep|endoftext|endofprompt|start_header_id|end_header_id|eot_id|system|user|assistant|begin_of_text|channel|message)\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>",
        r"(?i)</?(?:system|assistant|human|antml:\w{1,30}|function_calls|function_results|invoke|tool_use|tool_result|tool_call|tool_response|system[-_](?:prompt|reminder|message))(?:\s[^<>\n]{0,200})?>|</(?:brief|instructions?|prompt|passages?|outline|seat|documents?|codebase|user_input|context|task)>",
        r"(?m)(?:^|\n)[ \t>]{0,4}[*_]{0,3}(?:Human|Assistant)[*_]{0,3}\s?:[*_]{0,3}\s{0,3}\S",
        r"(?m)^[ \t>#]{0,6}(?:SYSTEM|System|ASSISTANT|Assistant|AI)[*_]{0,3}\s?: ?[^\n]{0,20}\b(?:[Yy]ou (?:are|must|will|should)|[Ii]gnore|[Oo]verride|[Nn]ew instructions?)\b",
        r"(?m)^#{2,4} ?(?:Instruction|Response|System|Human|Assistant):\s?",
        r"(?i)(?:^|[.!?:\n(\[*-]\s{0,3})(?:please )?(?:note|message|instructions?|attention|important|notice|reminder|hint|hey|dear|hello|hi)\b[ ,:]{0,3}(?:to|for|,)?[ ]{0,2}(?:the |any |all |every |an? )?(?:reading |reviewing )?"
        + _MODEL
        + r"s?\b(?=\s?[:,.!\n)\]]|\s(?:reading|processing|writing|that reads|who reads|model)|$)",
        r"(?i)\b(?:if|since|because) you(?:'re| are) (?:an? |the )"
        + _MODEL
        + r"\b|\bas an? (?:AI|LLM|(?:large )?language model)(?: (?:language )?model| assistant)?,? (?:you|I)\b|\bas an AI language model\b",
        r"(?i)(?:^|[.!?:\n]\s{0,3})(?:hey |dear )?(?:Claude|ChatGPT|GPT-\d)[,:] {0,2}\w",
        r"(?i)\b(?:new|updated|real|actual|true|secret|hidden|important) (?:system )?instructions? (?:for|to) (?:you|the (?:AI|model|LLM|assistant|agent|planner|reader|consultants?))\b|\b(?:new|updated) system (?:prompt|instructions?)\s?:",
        r"\b(?:END|BEGIN|START) OF (?:THE )?(?:BRIEF|PROMPT|SYSTEM(?: PROMPT)?|INSTRUCTIONS|USER INPUT|CONTEXT|CONVERSATION|DOCUMENT)\b|(?i:-{3,} ?(?:end|begin) (?:of )?(?:the )?(?:brief|prompt|system prompt|user input|instructions) ?-{3,})",
        r"(?i)\b(?:this|the) (?:plan|brief|prompt|draft|proposal|gate)s? (?:is|was|were|has|have|are) (?:been )?(?:already |hereby |pre-? ?)(?:been )?(?:approved|accepted|signed off|reviewed)\b|\b(?:mark|treat|consider|report|record) (?:this|the|all|every) (?:\w+ )?(?:gates?|plans?|documents?|findings?|checks?) (?:as )?(?:approved|passed|clean|resolved|accepted)\b",
        r"(?i)(?:^|[.!?:\n*-]\s{0,3})(?:please |you (?:must|should|may|can) |now |just )?(?:skip|bypass|ignore|disable|suppress|approve|auto-?approve|close|pass) (?:all |any |every |each |the )*(?:(?:human |approval |quality |planning |review )?gates|(?:remaining |further )?findings|reviewers|(?:review|approval) (?:gate|step)s? (?:of|for|in) (?:this|the) plan|guard ?rails|safety (?:rules|checks|guidelines))\b",
        r"(?i)(?:^|\n)[ \t>*_-]{0,6}(?:tool[ _](?:result|output|response|call)|function[ _](?:result|call)|(?:reviewer|architect|gate|approver)['’]?s? (?:decision|says|approval))[*_]{0,3}\s?[:=]",
        r"(?i)\b(?:raise|increase|set|lift|remove|ignore|exceed) (?:the |your |any |all )*(?:token|spending|call|cost) (?:limits?|budgets?|caps?) (?:to|of|for) (?:this (?:run|plan|call)|\$|unlimited|infinity)|\b(?:raise|increase|ignore|exceed|remove|use all of) your (?:token |spending )?(?:budget|limits?|cap)\b|\bmax_tokens (?:to|=)",
        r"(?i)(?:^|[.!?:\n]\s{0,3})(?:please |now |then |first,? |you (?:must|should) )?(?:call|run|invoke|execute|use) (?:the |your )(?:bash|shell|terminal|python|web[ _]?search|file|write|edit|computer|browser|code[ _]execution) tools?\b|\byour (?:tools|tool calls|system prompt|context window|training data|previous instructions|output tokens)\b",
        r"(?i)\b(?:write|save|copy|put|place|create) (?:the |this |your |all |every |an? )*(?:plan|output|answer|reply|documents?|files?)(?: \w+){0,3}? (?:to|into|in|at|under) [`\"']?(?:~/|\.\./|/(?:etc|root|home|tmp|usr|var|bin)\b)",
        r"(?i)\b(?:begin|start|end|prefix|finish|preface) (?:your|every|each) (?:reply|response|answer|output|message|document) (?:with|by)\b|(?:^|[.!?:\n]\s{0,3})(?:please |you must )?(?:respond|reply|answer|output) (?:only|exclusively|just) (?:with|in)?\b|\bin your (?:reply|response|answer|plan|output),? (?:include|write|say|do not|always|never|recommend)\b",
        r"(?i)\b(?:do not|don['’]t|never) (?:tell|inform|mention|reveal|show|report|disclose)\b (?:this |these |it |that |any of this ){0,2}(?:instructions? )?(?:to )?(?:the )?(?:user|architect|reviewer|human|person|anyone|operator)s?(?: (?:about|of|that) (?:this|these))?(?=[ ]?[.!,;\n]| about this| of this|$)|\b(?:do not|don['’]t|never) (?:mention|reveal) (?:this|these) (?:instructions?|note|comment|message)",
        r"(?i)\b(?:ignora|olvida|ignorez|oubliez|ignorier(?:e|en)|vergiss|ignorar|esqueça|ignora)\b[^.\n]{0,40}\b(?:instrucciones|instructions|anweisungen|instruções|istruzioni)\b|(?:忽略|无视|忘记)[^。\n]{0,12}(?:指令|指示|提示|说明)|(?:이전|위의?|앞의)[^.\n]{0,12}(?:지시|명령|지침)[^.\n]{0,8}무시|(?:以前|これまで|上記)の[^。\n]{0,8}(?:指示|命令)[^。\n]{0,6}無視|(?:игнорируй|забудь)[^.\n]{0,40}(?:инструкци|указани)",
    )
)
"""How a text speaks to a model: orders to drop its orders, turns and results nobody had, and orders about tools, money, gates and paths."""

_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)|^\[(?://|comment)\]: ?(?:#|<>)(.*)$", re.DOTALL | re.MULTILINE)
_DIRECTIVE = re.compile(
    r"(?i)^\s*/?(?:toc|tocstop|more|markdownlint[\w-]*|prettier-ignore[\w-]*|eslint[\w-]*|cspell[\w:-]*|tabs?|endtabs?|break|pagebreak|start|end|vale \w+|spdx-[\w-]+:.*|copyright .*)(?:[ :][\w .:,-]{0,60})?\s*$"
)
_STYLED = re.compile(
    r"(?i)<\w+[^<>]{0,400}?(?:style\s*=\s*[\"'][^\"'<>]{0,300}?(?:(?<![-\w])color\s*:\s*(?:white|transparent|#fff(?:fff)?\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)|font-size\s*:\s*0(?!\.?[1-9])|display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?!\.?[1-9])|text-indent\s*:\s*-\d{3}|(?:max-)?height\s*:\s*0(?!\.?[1-9]))"
    r"|\scolor\s*=\s*[\"']?(?:white|#fff(?:fff)?\b)|\shidden(?=[\s>=/]))[^<>]{0,300}>|\\(?:text)?color\{white\}"
)
_BLOB = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{40,}={0,2}")
_PROSE = re.compile(r"^[\w\s.,;:!?'\"()/<>\[\]|@#$%&*+=`~{}-]+$")


def remarks(passage: Passage) -> Iterator[Remark]:
    """At most one remark: hidden text first, then text that speaks to the reader."""
    if found := _hides(passage) or _says(passage):
        rule, at, text = found
        yield Remark(rule, passage.id, passage.id, passage.line + passage.text.count("\n", 0, at), text)


def _hides(passage: Passage) -> tuple[str, int, str] | None:
    """The first thing in a passage that a reader would not see: where, and what it is."""
    text = passage.text
    for comment in _COMMENT.finditer(text) if "<!--" in text or "[//]" in text or "[comment]" in text else ():
        content = comment.group(1) or comment.group(2) or ""
        if content.strip() and not _DIRECTIVE.match(content[:200]) and passage.kind != "code":
            return (
                HIDES,
                comment.start(),
                f"a comment that no reader sees: “{invisible.spelled(content)}”; write it as text, or take it out",
            )
    unescaped = html.unescape(text) if "&" in text and passage.kind != "code" else text
    if signs := invisible.hidden(unescaped):
        tags = invisible.told(unescaped)
        around = invisible.spelled(unescaped[max(0, signs[0].start() - 20) :]) if not tags else invisible.spelled(tags)
        many = f"{len(signs)} invisible character{'s' if len(signs) > 1 else ''} ({invisible.counted(signs)})"
        at = signs[0].start() if unescaped is text else 0
        return HIDES, at, f"{many} in or around “{around}”; take them out"
    if (styled := _STYLED.search(text) if "<" in text or "\\" in text else None) and passage.kind != "code":
        return (
            HIDES,
            styled.start(),
            f"text styled so that no reader sees it: “{invisible.spelled(text[styled.start() :])}”; show it, or take it out",
        )
    if word := invisible.mixed(text):
        letters = sorted({f"U+{ord(each):04X}" for each in word.group() if "\u0370" <= each <= "\u052f"})
        return HIDES, word.start(), f"“{word.group()}” mixes alphabets ({', '.join(letters[:5])}): write it in one"
    for blob in _BLOB.finditer(text):
        if plain := _decoded(blob.group()):
            return (
                HIDES,
                blob.start(),
                f"encoded text that reads “{invisible.spelled(plain)}”; write it out, or take it out",
            )
    return None


def _says(passage: Passage) -> tuple[str, int, str] | None:
    """The first words in a passage that speak to a model."""
    text = passage.text
    shown = invisible.seen(text)
    for pattern in _SAYS:
        found = pattern.search(shown)
        if found and found.group().strip():
            lead = len(found.group()) - len(found.group().lstrip(" \n.!?:"))
            at = found.start() + lead if shown is text else 0
            quote = invisible.spelled(shown[found.start() + lead :])
            return (
                SPEAKS,
                at,
                f"“{quote}” speaks to whoever writes the plan; it is kept as text and changes nothing: take it out if it asks for nothing of the system",
            )
    return None


def _decoded(blob: str) -> str:
    """What a long run of base64 or hexadecimal characters says, if it says at least four words."""
    head = blob[:_LONGEST_BLOB]
    for decode in (_from_base64, _from_hex):
        plain = decode(head)
        if plain and len(plain.split()) >= 4 and _PROSE.match(plain) and re.search(r"[a-z]{3} [a-z]{2}", plain):
            return plain
    return ""


def _from_base64(text: str) -> str:
    text = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text[: len(text) // 4 * 4], validate=True).decode("utf-8", "ignore")
    except (binascii.Error, ValueError):
        return ""


def _from_hex(text: str) -> str:
    return (
        bytes.fromhex(text[: len(text) // 2 * 2]).decode("utf-8", "ignore")
        if re.fullmatch(r"[0-9a-fA-F]+", text)
        else ""
    )

"""Which files of a codebase are never opened, by their names: keys and credentials, state, databases, what addresses a model, and what is no text."""

from __future__ import annotations

import re
import unicodedata

CREDENTIALS = "credentials are never read"
KEYS = "keys and certificates are never read"
STATE = "infrastructure state and its variables are never read"
DATABASES = "databases and dumps are never read"
INSTRUCTIONS = "instructions for models are never read"
BINARIES = "not text"
MINIFIED = "minified or generated"
NAMELESS = "a name that cannot be shown: control, invisible or undecodable characters"

_SAMPLES = re.compile(
    r"(?:example|sample|template)[._-].*|.*[._-](?:example|sample|template|dist|tmpl|tpl|stub|defaults?)(?:\.[a-z0-9]{1,5})?"
)
"""A file that shows which settings there are; what it holds is redacted like any other."""
_SETTING = r"\.(?:json|ya?ml|toml|ini|cfg|conf|txt|properties|xml|enc|csv)"

_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (CREDENTIALS, re.compile(
        r"\.env(?:rc)?(?:[._-].*)?|.+\.env(?:[._-](?:local|prod(?:uction)?|dev(?:elopment)?|stag(?:e|ing)|test(?:ing)?|qa|uat|ci|live|docker|bak|old|backup))?|env[._-](?:local|prod(?:uction)?|dev(?:elopment)?|stag(?:e|ing)|test(?:ing)?|qa|uat|ci|live|docker|bak|old|backup)|\.flaskenv|\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|[._]netrc|\.git-credentials|\.gitcookies|\.htpasswd"
        r"|\.pgpass|pgpass\.conf|\.my\.cnf|\.mylogin\.cnf|\.dockercfg|\.dockerconfigjson|\.boto|\.s3cfg|\.?vault[_-](?:token|pass(?:word)?)(?:\.txt)?"
        rf"|kube-?config(?:\.ya?ml)?|.*\.kubeconfig|(?:.*[._-])?credentials?(?:{_SETTING})?|credentials\.yml\.enc"
        rf"|(?:.*[._-])?secrets?(?:[._-][a-z0-9]+)?{_SETTING}|\.?secrets?|\.secrets\..*|(?:.*[._-])?service[._-]?account(?:[._-].*)?\.json"
        r"|(?:google|gcp|gcloud|firebase)[._-](?:key|admin).*\.json|.*-firebase-adminsdk-.*\.json|client[._-]secrets?.*\.json|passwords?\.(?:txt|csv)"
        r"|\.terraformrc|terraform\.rc|settings-security\.xml|\.?token(?:\.(?:txt|json))?|\..*_history|wp-config\.php|local\.settings\.json",
    )),
    (KEYS, re.compile(r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:[._-].*)?|ssh_host_.*_key|authorized_keys|known_hosts")),
    (STATE, re.compile(r".*\.tfstate(?:\..*)?|.*\.tfvars(?:\.json)?|pulumi\.[\w-]+\.ya?ml")),
    (INSTRUCTIONS, re.compile(
        r"(?:claude|agents?|gemini|codex|copilot|qwen|warp)(?:\.local|[._-]instructions)?\.md|.*\.(?:instructions|prompt)\.md"
        r"|\.(?:cursor|windsurf|cline|roo|goose|aider|continue)(?:rules|hints|ignore|\.conf\.yml)?(?:-[a-z]+)?(?:\.md)?|llms(?:-full)?\.txt|skill\.md|\.mcp\.json",
    )),
    (MINIFIED, re.compile(r".*[.-]min\.(?:js|css|mjs)|.*\.(?:bundle|chunk)\.(?:js|css)")),
)  # fmt: skip

_ENDINGS: dict[str, str] = {
    ending: reason
    for reason, endings in (
        (KEYS, "pem key p8 p12 pfx pkcs12 jks jceks keystore bks ppk asc gpg pgp crt cer der csr ovpn age agekey snk mobileprovision kdbx kdb"),
        (STATE, "tfplan"),
        (DATABASES, "sqlite sqlite3 db db3 mdb accdb dbf rdb dump bak ldf mdf parquet feather sqlite-wal sqlite-shm sqlite3-wal sqlite3-shm db-wal db-shm db-journal"),
        (INSTRUCTIONS, "mdc"),
        (MINIFIED, "map"),
        (BINARIES,
         "png jpg jpeg gif webp bmp ico icns tif tiff psd ai eps avif heic mp3 mp4 m4a m4v avi mov mkv webm ogg wav flac pdf doc docx xls xlsx ppt pptx odt ods "
         "zip gz tgz bz2 xz zst 7z rar tar jar war ear class pyc pyo pyd so dylib dll exe o a lib obj pdb wasm nupkg whl egg gem deb rpm apk ipa dmg iso img bin "
         "dat npy npz pkl pickle pt pth onnx h5 ckpt safetensors gguf woff woff2 ttf otf eot swf fla blend fbx glb stl sketch fig xcf mo"),
    )
    for ending in endings.split()
}  # fmt: skip

_FOLDERS: dict[str, str] = {
    **dict.fromkeys((".aws", ".ssh", ".envs", ".gnupg", ".kube", ".docker", ".azure", ".gcloud", ".secrets", ".password-store", ".gcp", ".vault"), CREDENTIALS),
    **dict.fromkeys((".claude", ".cursor", ".codex", ".gemini", ".windsurf", ".roo", ".cline", ".aider", ".continue", ".kiro", ".agents"), INSTRUCTIONS),
}  # fmt: skip


def why_unread(name: str) -> str:
    """Why a file called ``name`` is never opened; empty when it may be.

    Args:
        name: the last part of its path.
    """
    if not showable(name):
        return NAMELESS
    lower = name.lower()
    reason = next((reason for reason, pattern in _NAMES if pattern.fullmatch(lower)), "")
    if reason == CREDENTIALS and _SAMPLES.fullmatch(lower):
        return ""
    stem, _, ending = lower.rpartition(".")
    return reason or (_ENDINGS.get(ending, "") if stem else "")


def why_unentered(name: str) -> str:
    """Why a folder called ``name`` is never entered: it holds credentials or instructions for models; empty when it may be."""
    return _FOLDERS.get(name.lower(), "") if showable(name) else NAMELESS


def showable(name: str) -> bool:
    """Whether every character of ``name`` can be written and seen: no line break, no invisible or reordering mark, no broken byte."""
    return (name.isascii() and name.isprintable()) or all(
        unicodedata.category(each)[0] not in "CZ" or each == " " for each in name
    )


def shown(path: str) -> str:
    """``path`` with what cannot be shown written as ``\\n``, ``\\u202e``, ``\\udcff``; at most 200 characters."""
    escaped = "".join(each if showable(each) else each.encode("unicode_escape").decode("ascii") for each in path[:200])
    return escaped if len(escaped) <= 200 else escaped[:199] + "…"

"""Signing with a person's SSH key, the way git signs: ``ssh-keygen -Y``, nothing else to install."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import OptionRefused
from .person import signing_key

NAMESPACE = "planning-kit"
"""What the signatures are for: ssh-keygen(1), ``-n``; a signature made for git or for a file is none of ours."""
LONGEST = 60.0
"""Seconds a signature may take: a key on a device wants to be touched."""

_KINDS = r"(?:ssh|sk-ssh|ecdsa|sk-ecdsa)-[\w@.-]+"
"""How an OpenSSH public key begins, sshd(8), "AUTHORIZED_KEYS FILE FORMAT"."""


@dataclass(frozen=True)
class Key:
    """An SSH key that signs: the file ``path`` (a private key, or a public one whose private half an agent has) and its ``fingerprint``."""

    path: Path
    fingerprint: str

    def sign(self, data: bytes) -> str:
        """The signature of ``data``, armored.

        Raises:
            OptionRefused: it cannot be made; says why in one line.
        """
        ran = _run(["-Y", "sign", "-n", NAMESPACE, "-f", str(self.path)], data)
        if ran.returncode or not ran.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
            raise OptionRefused(f"--sign {self.path}: {_why_not(ran, self.path)}")
        return ran.stdout.decode("ascii")


@dataclass(frozen=True)
class _Literal:
    """A public key that is no file: its private half is in an agent."""

    text: str
    fingerprint: str

    def sign(self, data: bytes) -> str:
        with tempfile.TemporaryDirectory(prefix="signing-") as folder:
            path = Path(folder) / "key.pub"
            path.write_text(self.text + "\n", encoding="utf-8")
            return Key(path, self.fingerprint).sign(data)


def signer(key: str = "") -> Key | _Literal:
    """Who signs.

    Args:
        key: a key file, or a public key as text (``ssh-ed25519 …``, or git's ``key::ssh-ed25519 …``); when empty git's ``user.signingkey``, else the
            only key of the agent.

    Raises:
        OptionRefused: there is no such key, several keys could be meant, or ``ssh-keygen`` is not installed.
    """
    _tool()
    said = key.strip() or signing_key().strip() or _only_key_of_the_agent()
    literal = re.fullmatch(rf"(?:key::)?({_KINDS} [A-Za-z0-9+/=]+)(?: .*)?", said)
    if literal:
        ran = _run(["-l", "-f", "-"], literal.group(1).encode() + b"\n")
        return _Literal(literal.group(1), _fingerprint(ran, "the public key given"))
    path = Path(said).expanduser()
    if not path.is_file():
        whose = "" if key.strip() else "git's user.signingkey: "
        raise OptionRefused(
            f"--sign: {whose}no such key file: {said}; give an SSH key, for example --sign ~/.ssh/id_ed25519"
        )
    public = path.with_name(path.name + ".pub")
    return Key(path, _fingerprint(_run(["-l", "-f", str(public if public.is_file() else path)]), str(path)))


@dataclass(frozen=True)
class Checked:
    """What a signature is: ``good`` or not, by the key with which ``fingerprint``; ``why`` it is not good, in a few words."""

    good: bool
    fingerprint: str = ""
    why: str = ""


def check(data: bytes, signature: Path) -> Checked:
    """Whether the file ``signature`` is a signature of ``data`` in our namespace, by whatever key.

    Raises:
        OptionRefused: ``ssh-keygen`` is not installed.
    """
    return _checked(_run(["-Y", "check-novalidate", "-n", NAMESPACE, "-s", str(signature)], data))


def check_by(data: bytes, signature: Path, allowed: Path, principal: str, at: str) -> Checked:
    """Whether it is by a key that the file ``allowed`` gives to ``principal``.

    Args:
        data: what was signed.
        signature: the signature's file.
        allowed: the file, ssh-keygen(1), "ALLOWED SIGNERS".
        principal: who is said to have signed: an e-mail address.
        at: when, UTC, ISO 8601: keys may be limited in time.

    Raises:
        OptionRefused: ``ssh-keygen`` is not installed.
    """
    when = re.sub(r"[^0-9]", "", at)[:14]
    options = [f"-Overify-time={when}Z"] if len(when) == 14 else []
    who = ["-f", str(allowed), "-I", principal, "-n", NAMESPACE, "-s", str(signature)]
    return _checked(_run(["-Y", "verify", *options, *who], data))


def principals(signature: Path, allowed: Path) -> tuple[str, ...]:
    """Whom the file ``allowed`` gives the key to that made ``signature``; nobody when it does not name it."""
    ran = _run(["-Y", "find-principals", "-f", str(allowed), "-s", str(signature)])
    return tuple(dict.fromkeys(ran.stdout.decode("utf-8", "replace").split())) if ran.returncode == 0 else ()


def gives_keys(allowed: str) -> bool:
    """Whether the text of a file of allowed signers gives somebody a key: a line with a principal and a public key."""
    return bool(re.search(rf"(?m)^[ \t]*[^#\s][^\n]*[ \t]{_KINDS}[ \t]+AAAA", allowed))


def there() -> bool:
    """Whether ``ssh-keygen`` is installed."""
    return shutil.which("ssh-keygen") is not None


def _checked(ran: subprocess.CompletedProcess[bytes]) -> Checked:
    said = ran.stdout.decode("utf-8", "replace")
    found = re.search(r"SHA256:[A-Za-z0-9+/=]+", said)
    if ran.returncode == 0 and said.startswith("Good ") and found:
        return Checked(True, found.group())
    return Checked(False, "", _last_line(ran) or "it is not valid")


def _only_key_of_the_agent() -> str:
    tool = shutil.which("ssh-add")
    keys: list[str] = []
    if tool and os.environ.get("SSH_AUTH_SOCK"):
        ran = _called([tool, "-L"], b"")
        keys = [line for line in ran.stdout.decode("utf-8", "replace").splitlines() if re.match(_KINDS, line)]
    if len(keys) == 1:
        return keys[0]
    several = f"the agent has {len(keys)} keys" if keys else "git has no user.signingkey and no agent has a key"
    raise OptionRefused(f"--sign: {several}; name the key, for example --sign ~/.ssh/id_ed25519")


def _tool() -> str:
    tool = shutil.which("ssh-keygen")
    if not tool:
        raise OptionRefused("signatures need ssh-keygen, which is not installed; it is part of OpenSSH")
    return tool


def _run(arguments: Sequence[str], data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return _called([_tool(), *arguments], data)


def _called(command: Sequence[str], data: bytes) -> subprocess.CompletedProcess[bytes]:
    """``command`` run to its end with ``data`` as its input; it can ask nobody anything.

    A passphrase is never asked for: with ``SSH_ASKPASS_REQUIRE=force`` (ssh(1)) the question goes to a program, which is
    one that knows nothing.
    """
    asks_nobody = {
        "SSH_ASKPASS_REQUIRE": "force",
        "SSH_ASKPASS": shutil.which("false") or "/nonexistent",
        "LC_ALL": "C",
    }
    try:
        return subprocess.run(
            command, input=data, capture_output=True, timeout=LONGEST, check=False,
            env={**os.environ, **asks_nobody}, start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise OptionRefused(
            f"--sign: {Path(command[0]).name} gave no answer in {LONGEST:.0f} seconds; try it by hand"
        ) from error
    except OSError as error:
        raise OptionRefused(f"--sign: {command[0]} cannot be run: {error.strerror or error}") from error


def _fingerprint(ran: subprocess.CompletedProcess[bytes], name: str) -> str:
    found = re.search(rb"SHA256:[A-Za-z0-9+/=]+", ran.stdout)
    if ran.returncode or not found:
        raise OptionRefused(f"--sign: {name} is not an SSH key that ssh-keygen can read")
    return found.group().decode("ascii")


def _why_not(ran: subprocess.CompletedProcess[bytes], path: Path) -> str:
    said = ran.stderr.decode("utf-8", "replace")
    if "passphrase" in said:
        return f"the key has a passphrase and no agent has it; hand it to your agent first: ssh-add {path}"
    if "No private key found" in said:
        return (
            "it is a public key, its private half is neither beside it nor in an agent; hand it to your agent: ssh-add"
        )
    if "refused" in said or "device" in said.casefold():
        return f"the agent or device did not sign ({_last_line(ran)})"
    return _last_line(ran) or "ssh-keygen made no signature"


def _last_line(ran: subprocess.CompletedProcess[bytes]) -> str:
    lines = [line.strip() for line in ran.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith("Signing data")]
    return said[-1][:200] if said else ""

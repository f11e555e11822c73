"""Signing with an SSH key as git does, and whose signature counts."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning_kit import signing
from planning_kit.errors import OptionRefused
from planning_kit.journal import Journal
from planning_kit.store import Store
from planning_kit.verify import signed
from planning_kit.verify.seen import Seen

from .small_runs import ANN, BOB, key

ADDRESS = "ann@example.org"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    key(folder)
    key(folder, "bob")
    return folder


@pytest.fixture(autouse=True)
def _no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An agent of its own, with no key yet."""
    ran = subprocess.Popen(["ssh-agent", "-D", "-a", str(tmp_path / "agent")], stdout=subprocess.DEVNULL)
    try:
        ended = time.monotonic() + 10
        while not (tmp_path / "agent").exists() and time.monotonic() < ended:
            time.sleep(0.02)
        monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
        yield
    finally:
        ran.kill()
        ran.wait()


def told(path: Path) -> None:
    subprocess.run(["ssh-add", "-q", str(path)], check=True, timeout=20, capture_output=True)


def allowed(folder: Path, *lines: str) -> Path:
    (folder / "allowed_signers").write_text("\n".join(lines) + "\n")
    return folder / "allowed_signers"


def public(path: Path) -> str:
    return " ".join(path.with_name(path.name + ".pub").read_text().split()[:2])


def kept(folder: Path, signature: str) -> Path:
    (folder / "a.sig").write_text(signature)
    return folder / "a.sig"


def test_a_signature_is_good_for_what_was_signed_and_nothing_else(keys: Path, tmp_path: Path) -> None:
    signer = signing.signer(str(keys / "id"))
    made = kept(tmp_path, signer.sign(b"a record\n"))
    assert signing.check(b"a record\n", made) == signing.Checked(True, signer.fingerprint)
    assert not signing.check(b"another record\n", made).good
    assert signer.fingerprint.startswith("SHA256:")


def test_git_can_check_it_too(keys: Path, tmp_path: Path) -> None:
    """``git`` hands its signatures to the same program: the file is of the same kind."""
    made = signing.signer(str(keys / "id")).sign(b"a record\n")
    assert made.startswith("-----BEGIN SSH SIGNATURE-----\n") and made.endswith("-----END SSH SIGNATURE-----\n")


def test_the_key_git_signs_with_is_taken_when_none_is_named(keys: Path, tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text(f"[user]\n\tname = Ann\n\tsigningkey = {keys / 'id.pub'}\n")
    signer = signing.signer()
    assert (
        signing.check(b"x", kept(tmp_path, signer.sign(b"x"))).fingerprint
        == signing.signer(str(keys / "id")).fingerprint
    )


def test_a_key_in_the_agent_is_enough(keys: Path, tmp_path: Path, agent: None) -> None:
    told(keys / "bob")
    for said in ("", public(keys / "bob"), f"key::{public(keys / 'bob')} bob@example.org"):
        signer = signing.signer(said)
        assert signing.check(b"x", kept(tmp_path, signer.sign(b"x"))).good
    told(keys / "id")
    with pytest.raises(OptionRefused, match="the agent has 2 keys; name the key"):
        signing.signer()


def test_a_key_with_a_passphrase_never_waits_and_says_what_to_do(tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret words", "-f", str(tmp_path / "locked")], check=True, timeout=20)  # fmt: skip
    began = time.monotonic()
    with pytest.raises(
        OptionRefused, match="the key has a passphrase and no agent has it; hand it to your agent first: ssh-add"
    ):
        signing.signer(str(tmp_path / "locked")).sign(b"x")
    assert time.monotonic() - began < 10


def test_what_is_wrong_with_a_key_is_one_clear_line(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no-key").write_text("hello\n")
    (tmp_path / "only.pub").write_text((keys / "id.pub").read_text())
    wrong = {
        "~/none": "no such key file: ~/none; give an SSH key",
        str(tmp_path / "no-key"): "is not an SSH key that ssh-keygen can read",
        "": "git has no user.signingkey and no agent has a key; name the key",
    }
    for said, expected in wrong.items():
        with pytest.raises(OptionRefused, match=expected):
            signing.signer(said)
    with pytest.raises(
        OptionRefused, match="it is a public key, its private half is neither beside it nor in an agent"
    ):
        signing.signer(str(tmp_path / "only.pub")).sign(b"x")
    (tmp_path / ".gitconfig").write_text("[user]\n\tsigningkey = 3AA5C34371567BD2\n")
    with pytest.raises(OptionRefused, match="git's user.signingkey: no such key file: 3AA5C34371567BD2"):
        signing.signer()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OptionRefused, match="ssh-keygen, which is not installed"):
        signing.signer(str(keys / "id"))


def test_whose_a_key_is_says_the_file_of_allowed_signers(keys: Path, tmp_path: Path) -> None:
    made = kept(tmp_path, signing.signer(str(keys / "id")).sign(b"x"))
    at = "2026-11-21T12:00:00Z"
    file = allowed(tmp_path, f"{ADDRESS} {public(keys / 'id')}", f"bob@example.org {public(keys / 'bob')}")
    assert signing.check_by(b"x", made, file, ADDRESS, at).good
    assert not signing.check_by(b"x", made, file, "bob@example.org", at).good
    assert signing.principals(made, file) == (ADDRESS,)
    for options in ('namespaces="git"', 'valid-after="20270101Z"', 'valid-before="20260101Z"'):
        file = allowed(tmp_path, f"{ADDRESS} {options} {public(keys / 'id')}")
        assert not signing.check_by(b"x", made, file, ADDRESS, at).good, options
    file = allowed(tmp_path, f'{ADDRESS} namespaces="planning-kit",valid-after="20260101Z",valid-before="20270101Z" {public(keys / "id")}')  # fmt: skip
    assert signing.check_by(b"x", made, file, ADDRESS, at).good


def journal(folder: Path, keys: Path, by: str, name: str = "id") -> Seen:
    """A folder with one decision signed with a key, as it is seen."""
    store = Store(folder)
    store.keep("run.json", '{"format": 3}\n')
    body = {
        "phase": "writing",
        "verdict": "approved",
        "by": by,
        "how": "person",
        "comment": "",
        "subject": {},
        "rests_on": {},
    }
    Journal(store).add("decided", signing.signer(str(keys / name)), **body)
    return Seen.of(store)


@pytest.mark.parametrize(
    "text, gives",
    [
        ("ann@example.org ssh-ed25519 AAAAC3Nz", True),
        ('# ours\n*@example.org,bob namespaces="git planning-kit" sk-ssh-ed25519@openssh.com AAAAGnNr bob\n', True),
        ("ssh-ed25519 AAAAC3Nz ann@example.org", False),
        ("# ann@example.org ssh-ed25519 AAAAC3Nz", False),
        ("# Plan\n\nA page of prose.", False),
        ("", False),
    ],
)
def test_a_file_that_gives_nobody_a_key_is_told_from_one_of_allowed_signers(text: str, gives: bool) -> None:
    assert signing.gives_keys(text) is gives


def faults(seen: Seen, allowed: Path | None) -> list[str]:
    return [str(fault) for fault in signed.faults(seen, allowed)]


def test_who_decided_has_to_be_who_signed(keys: Path, tmp_path: Path) -> None:
    file = allowed(tmp_path, f"{ADDRESS} {public(keys / 'id')}", f"bob@example.org {public(keys / 'bob')}")
    assert faults(journal(tmp_path / "a", keys, ANN), file) == []
    assert faults(journal(tmp_path / "b", keys, ADDRESS), file) == []
    assert faults(journal(tmp_path / "c", keys, BOB), file) == [
        f"journal/000001.sig, record 1: is by a key of {ADDRESS}, and the record says {BOB}"
    ]
    assert faults(journal(tmp_path / "d", keys, BOB), None) == []


def test_a_key_nobody_is_known_by_is_a_fault_only_where_it_is_asked_for(keys: Path, tmp_path: Path) -> None:
    seen = journal(tmp_path / "a", keys, ANN)
    assert faults(seen, None) == []
    assert any("whose the keys are was not checked" in note for note in seen.notes)
    (said,) = faults(seen, allowed(tmp_path, f"bob@example.org {public(keys / 'bob')}"))
    assert said.startswith(
        f"journal/000001.sig, record 1: is by a key that allowed_signers does not give to {ADDRESS} (at 20"
    )
    (said,) = faults(seen, allowed(tmp_path, "no line of the right kind"))
    assert "does not give to" in said


def test_a_decision_that_is_not_signed_is_a_claim(tmp_path: Path) -> None:
    store = Store(tmp_path / "a")
    store.keep("run.json", '{"format": 3}\n')
    for by, how in ((ANN, "person"), ("clean", "policy")):
        Journal(store).add(
            "decided", phase="writing", verdict="approved", by=by, how=how, comment="", subject={}, rests_on={}
        )
    seen = Seen.of(store)
    assert faults(seen, allowed(tmp_path, "x")) == []
    assert seen.notes == [f"record 1 is not signed: that it was decided by {ANN} is a claim"]


def test_a_signature_whose_record_was_never_written_is_a_left_over(keys: Path, tmp_path: Path) -> None:
    """A kill between the two: the next record, signed or not, leaves nothing of it."""
    seen = journal(tmp_path, keys, ANN)
    orphan = tmp_path / "journal" / "000002.sig"
    orphan.write_text("half")
    from planning_kit.verify import chain

    assert list(chain.faults(seen)) == []
    assert "journal/000002.sig belongs to no record: a left-over, or put there by somebody" in seen.notes
    Journal(Store(tmp_path)).add("commented", by=ANN)
    assert not orphan.exists()


class Dying:
    """A signer during whose work the process ends."""

    fingerprint = "SHA256:none"

    def sign(self, data: bytes) -> str:
        raise KeyboardInterrupt


def test_a_kill_while_signing_leaves_no_record(tmp_path: Path) -> None:
    journal = Journal(Store(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        journal.add("decided", Dying(), by=ANN)
    assert list(journal) == [] and not (tmp_path / "journal").exists()


def test_without_ssh_keygen_what_was_not_checked_is_said(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = journal(tmp_path / "a", keys, ANN)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert os.environ["PATH"] == str(tmp_path)
    assert faults(seen, None) == []
    assert seen.notes == ["signatures: 1 not checked, because ssh-keygen is not installed"]
    with pytest.raises(OptionRefused, match="signatures cannot be checked, because ssh-keygen is not installed"):
        faults(seen, allowed(tmp_path, "x"))

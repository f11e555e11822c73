"""Keeps one PostgreSQL server for the process that started it, and ends it with that process, however that ends.

Run as a file, with nothing but the standard library::

    python keeper.py BIN

makes a server in a new private folder from the programs in BIN and writes its folder, where its socket is, as one line. It
stays until its standard input is closed, as the system does when its parent dies; then it ends the server and removes the folder.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LARGEST = 64_000_000
"""The largest file the server may write, in bytes: what one table or one sort may take."""
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "6",
    "superuser_reserved_connections": "2",
    "shared_buffers": "16MB",
    "temp_file_limit": "48MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "64MB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "jit": "off",
    "max_worker_processes": "0",
    "max_parallel_workers": "0",
    "max_prepared_transactions": "0",
    "track_activities": "off",
    "log_min_messages": "panic",
    "lc_messages": "C",
    "dynamic_shared_memory_type": "mmap",
}
"""How the server is run: small, without the network, and without care for what a crash would lose."""


def main(programs: Path) -> int:
    """Start the server, say where, wait for the end of standard input, end it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    folder = Path(tempfile.mkdtemp(prefix="pk-postgres-", dir="/tmp" if len(tempfile.gettempdir()) > 60 else None))
    server = None
    try:
        who = _who(folder)
        data = folder / "data"
        command = [programs / "initdb", "-D", data, "-U", "keeper", "-A", "trust", "-E", "UTF8", "--locale=C"]
        options = ["--no-sync", "--no-instructions", "--no-data-checksums"]
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        with (folder / "log").open("wb") as log:
            said = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, "cwd": folder, "env": environment, **who}
            subprocess.run([*command, *options], check=True, timeout=30, **said)  # type: ignore[call-overload]
            settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
            server = subprocess.Popen([programs / "postgres", "-D", data, "-k", folder, *settings], **said)  # type: ignore[call-overload]
        print(folder, flush=True)
        sys.stdin.buffer.read()
        return 0
    except (OSError, subprocess.SubprocessError) as error:
        print(f"! {' '.join(str(error).split())[:200]}", flush=True)
        return 1
    finally:
        _end(server)
        shutil.rmtree(folder, ignore_errors=True)


def _who(folder: Path) -> dict[str, object]:
    """Whom the server runs as: PostgreSQL refuses root, so then it is nobody, who gets the folder."""
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _end(server: subprocess.Popen[bytes] | None) -> None:
    if server is None:
        return
    server.send_signal(signal.SIGQUIT)  # its immediate shutdown: nothing in it is worth keeping
    until = time.monotonic() + 5
    while server.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    with contextlib.suppress(OSError):
        server.kill()
    server.wait()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

"""A hostile tree is boring: nothing outside it is read, nothing in it is waited for, and what was left out is said."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning_kit.codebase import read_codebase
from planning_kit.codebase.tree import Limits, Tree
from planning_kit.errors import OptionRefused

OUTSIDE = "what stands outside"


def write(root: Path, files: dict[str, str]) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def reasons(tree: Tree) -> dict[str, tuple[str, int]]:
    return {omission.why: (omission.what, omission.count) for omission in tree.left_out}


def everything(tree: Tree) -> str:
    return "\n".join(tree.text(path) for path in tree.paths)


# ---- links -----------------------------------------------------------------------------------------------------------


def test_no_link_is_followed_and_links_are_said_once(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"a.py": OUTSIDE, "deep/b.py": OUTSIDE})
    root = write(tmp_path / "root", {"main.py": "x = 1\n", "package/own.py": "y = 2\n"})
    (root / "file.py").symlink_to(outside / "a.py")
    (root / "folder").symlink_to(outside)
    (root / "loop").symlink_to(root)
    (root / "package/up").symlink_to("..")
    (root / "self").symlink_to("self")
    (root / "environ").symlink_to("/proc/self/environ")
    (root / "zero").symlink_to("/dev/zero")
    tree = Tree.read(root)
    assert tree.paths == ("main.py", "package/own.py")
    assert reasons(tree) == {"links are not followed": ("environ", 7)}
    assert OUTSIDE not in everything(tree)


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"main.py": "x = 1\n"})
    (tmp_path / "named").symlink_to(root)
    tree = Tree.read(tmp_path / "named")
    assert tree.text("main.py") == "x = 1\n"
    assert tree.fingerprint == Tree.read(root).fingerprint


def test_a_root_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "named").symlink_to("named")
    with pytest.raises(OptionRefused, match="no such folder"):
        Tree.read(tmp_path / "named")


@pytest.mark.parametrize("name", ["missing", "file", "a\0b", "x" * 300])
def test_a_root_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OptionRefused, match="no such folder; give the codebase's top folder"):
        Tree.read(tmp_path / name)


def test_a_folder_swapped_for_a_link_after_it_was_listed_is_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"inner/a.py": OUTSIDE})
    root = write(tmp_path / "root", {"app/inner/a.py": "x = 1\n"})
    tree = Tree.read(root)
    (root / "app").rename(tmp_path / "away")
    (root / "app").symlink_to(outside)
    assert tree.text("app/inner/a.py") == ""
    assert reasons(tree) == {"the system did not let it be read": ("app/inner/a.py", 1)}


@pytest.mark.parametrize("swap", ["link", "pipe", "socket", "folder", "nothing"])
def test_a_file_swapped_after_it_was_listed_is_not_read(tmp_path: Path, swap: str) -> None:
    outside = write(tmp_path / "outside", {"a.py": OUTSIDE})
    root = write(tmp_path / "root", {"a.py": "x = 1\n", "b.py": "y = 2\n"})
    tree = Tree.read(root)
    (root / "a.py").unlink()
    with contextlib.ExitStack() as open_until_the_end:
        if swap == "link":
            (root / "a.py").symlink_to(outside / "a.py")
        elif swap == "pipe":
            os.mkfifo(root / "a.py")
        elif swap == "socket":
            open_until_the_end.enter_context(listening(root, "a.py"))
        elif swap == "folder":
            (root / "a.py").mkdir()
        assert (tree.text("a.py"), tree.text("b.py")) == ("", "y = 2\n")
    assert not tree.was_read("a.py")
    assert reasons(tree) == {"the system did not let it be read": ("a.py", 1)}


@pytest.mark.parametrize("path", ["../outside/a.py", "/etc/passwd", "./a.py", "", "..", "unknown.py"])
def test_only_what_is_listed_can_be_asked_for(tmp_path: Path, path: str) -> None:
    write(tmp_path / "outside", {"a.py": OUTSIDE})
    tree = Tree.read(write(tmp_path / "root", {"a.py": "x = 1\n"}))
    assert tree.text(path) == ""
    assert not tree.was_read(path)


# ---- things that are no files ----------------------------------------------------------------------------------------


@contextlib.contextmanager
def listening(folder: Path, name: str) -> Iterator[None]:
    """A socket called ``name``; bound from inside its folder, as an address holds about a hundred characters only."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(name)
            yield
    finally:
        os.chdir(before)


def test_pipes_and_sockets_are_left_alone(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"main.py": ""})
    os.mkfifo(root / "pyproject.toml")
    with listening(root, "app.sock"):
        tree = Tree.read(root)
        assert tree.paths == ("main.py",)
        assert reasons(tree) == {"neither file nor folder: a pipe, socket or device": ("app.sock", 2)}


def test_a_tree_of_devices_is_left_alone() -> None:
    tree = Tree.read(Path("/dev"), limits=Limits(entries=2_000, depth=1))
    assert "neither file nor folder: a pipe, socket or device" in reasons(tree)
    assert not [path for path in tree.paths if path in ("zero", "null", "random", "tty")]


def test_files_the_system_makes_up_do_not_hold_it_up() -> None:
    began = time.monotonic()
    tree = Tree.read(Path("/proc/self"), limits=Limits(files=300, seconds=5))
    assert len(everything(tree)) <= 12_000_000
    assert "the system did not let it be read" in reasons(tree)
    assert time.monotonic() - began < 10


def test_a_sparse_terabyte_is_listed_and_not_read(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"main.py": "x = 1\n"})
    with (root / "go.mod").open("wb") as sparse:
        sparse.truncate(1 << 40)
    with (root / "small.go").open("wb") as sparse:
        sparse.truncate(200_000)
    tree = Tree.read(root)
    assert tree.text("go.mod") == tree.text("small.go") == ""
    assert reasons(tree) == {"longer than 256 kB": ("go.mod", 1), "not text": ("small.go", 1)}


def test_a_file_that_grew_since_it_was_listed_is_not_read(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"main.py": "x = 1\n"})
    tree = Tree.read(root)
    (root / "main.py").write_text("x" * 300_000)
    assert tree.text("main.py") == ""
    assert reasons(tree) == {"longer than 256 kB": ("main.py", 1)}


# ---- permissions -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def as_somebody() -> Iterator[Path]:
    """A folder everybody may enter, and no privilege to pass over what a file's mode says."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """Root reads everything; nobody does not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_what_may_not_be_read_is_said_and_the_rest_is_read() -> None:
    with as_somebody() as folder:
        root = write(
            folder / "root", {"main.py": "x = 1\n", "closed.py": "secret", "shut/a.py": "secret", "blind/b.py": "z"}
        )
        for path in (root, root / "shut", root / "blind"):
            path.chmod(0o755)
        (root / "main.py").chmod(0o644)
        (root / "closed.py").chmod(0)
        (root / "shut").chmod(0)
        (root / "blind").chmod(0o444)  # its names can be seen, nothing behind them
        try:
            with unprivileged():
                tree = Tree.read(root)
                said = reasons(tree)
                texts = {path: tree.text(path) for path in tree.paths}
        finally:
            for path in (root / "shut", root / "blind"):
                path.chmod(0o755)
    assert texts == {"closed.py": "", "main.py": "x = 1\n"}
    assert said["the system did not let it be read"] in (("blind/", 3), ("shut/", 3), ("shut/", 2), ("blind/", 2))


def test_a_root_that_may_not_be_entered_holds_nothing_and_says_so() -> None:
    with as_somebody() as folder:
        root = write(folder / "root", {"main.py": "x = 1\n"})
        root.chmod(0)
        try:
            with unprivileged():
                tree = Tree.read(root)
                assert tree.paths == ()
                assert reasons(tree) == {"the system did not let it be read": ("./", 1)}
        finally:
            root.chmod(0o755)


# ---- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\nb.py", r"a\nb.py"),
        ("a\x1b[31mb.py", r"a\x1b[31mb.py"),
        ("a\u202egpj.py", r"a\u202egpj.py"),
        ("a\u200bb.py", r"a\u200bb.py"),
        (os.fsdecode(b"a\xff.py"), r"a\udcff.py"),
    ],
)
def test_a_name_that_cannot_be_shown_is_left_out_and_shown_escaped(tmp_path: Path, name: str, shown: str) -> None:
    root = write(tmp_path / "root", {"main.py": "x = 1\n", name: "y = 2\n", f"in {name}/x.py": "z = 3\n"})
    codebase = read_codebase(root)
    assert codebase.files == 1
    left = [omission for omission in codebase.left_out if "cannot be shown" in omission.why]
    assert [(omission.what, omission.count) for omission in left] == [(shown, 2)]
    codebase.dumped().encode("utf-8")


def test_a_name_with_markup_is_a_name(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"<img src=x onerror=alert(1)>.py": "x = 1\n", "`ls` | [a](b).py": "y = 2\n"})
    tree = Tree.read(root)
    assert tree.paths == ("<img src=x onerror=alert(1)>.py", "`ls` | [a](b).py")
    assert tree.text("`ls` | [a](b).py") == "y = 2\n"


def test_other_scripts_are_names_too(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"größe.py": "", "注文/モデル.py": "", "هيكل.py": ""})
    assert set(Tree.read(root).paths) == {"größe.py", "注文/モデル.py", "هيكل.py"}


# ---- shapes ----------------------------------------------------------------------------------------------------------


def deep(root: Path, levels: int, name: str) -> None:
    """Folders in folders, made step by step: the path is longer than the system takes at once."""
    root.mkdir(exist_ok=True)
    descriptor = os.open(root, os.O_RDONLY)
    for level in range(levels):
        with open(os.open(f"at{level}.py", os.O_WRONLY | os.O_CREAT, dir_fd=descriptor), "w") as file:
            file.write(f"level = {level}\n")
        os.mkdir(name, dir_fd=descriptor)
        below = os.open(name, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)


def test_three_hundred_levels_are_entered_as_far_as_the_limit_and_it_is_said_first(tmp_path: Path) -> None:
    deep(tmp_path / "root", 300, "d")
    os.symlink("x", tmp_path / "root/a")
    tree = Tree.read(tmp_path / "root")
    assert len(tree.files) == 65
    assert tree.text("d/" * 64 + "at64.py") == "level = 64\n"
    assert [omission.why for omission in tree.left_out] == ["more than 64 folders deep", "links are not followed"]


def test_a_path_longer_than_the_system_takes_is_left_out(tmp_path: Path) -> None:
    deep(tmp_path / "root", 40, "d" * 200)
    tree = Tree.read(tmp_path / "root")
    assert max(map(len, tree.paths)) <= 1_000
    assert tree.left_out[0].why == "a path of more than 1,000 characters"
    assert len(tree.left_out[0].what) <= 200


def test_a_path_longer_than_the_system_takes_is_read_where_the_limit_allows_it(tmp_path: Path) -> None:
    deep(tmp_path / "root", 40, "d" * 200)
    tree = Tree.read(tmp_path / "root", limits=Limits(path=10_000))
    longest = max(tree.paths, key=len)
    assert len(longest) > 4_096
    assert tree.text(longest) == "level = 39\n"


def test_a_hundred_thousand_files_in_one_folder_are_listed_as_far_as_the_limit(tmp_path: Path) -> None:
    many = tmp_path / "root/many"
    many.mkdir(parents=True)
    descriptor = os.open(many, os.O_RDONLY)
    for number in range(100_000):
        os.mknod(f"{number:06}.txt", dir_fd=descriptor)
    os.close(descriptor)
    (tmp_path / "root/main.py").write_text("x = 1\n")
    began = time.monotonic()
    tree = Tree.read(tmp_path / "root")
    assert len(tree.files) == 20_000
    assert tree.text("main.py") == "x = 1\n"
    assert (tree.left_out[0].what, tree.left_out[0].count) == ("many/019999.txt", 80_001)
    assert time.monotonic() - began < 10


def test_more_entries_than_are_looked_at_are_said(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {f"{number}.py": "" for number in range(30)})
    tree = Tree.read(root, limits=Limits(entries=10))
    assert len(tree.files) == 10
    assert tree.left_out[0].why == "more than 10 entries of folders: the rest is not listed"


def test_the_bytes_together_have_a_limit_and_shallow_files_come_first(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"a/b/deep.py": "x" * 600, "top.py": "y" * 600, "yarn.lock": "z" * 600})
    tree = Tree.read(root, limits=Limits(total=1_300))
    assert [path for path in tree.paths if tree.was_read(path)] == ["a/b/deep.py", "top.py"]
    assert [(o.what, o.why, o.count) for o in tree.left_out] == [("yarn.lock", "more than 0 MB together: not read", 1)]


class Clock:
    """A clock that goes on by ``step`` seconds whenever it is looked at."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def test_time_has_a_limit_for_listing(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {f"p{number}/a.py": "x = 1\n" for number in range(50)})
    tree = Tree.read(root, clock=Clock(0.5))
    assert len(tree.files) < 50
    assert tree.left_out[0].why == "more than 10 seconds: not looked into"
    assert not tree.complete


def test_time_has_a_limit_for_reading_and_what_was_not_read_is_counted(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {f"{number:02}.py": "x = 1\n" for number in range(50)})
    tree = Tree.read(root, clock=Clock(0.15))
    read = sum(map(tree.was_read, tree.paths))
    assert 0 < read < 50
    assert [(o.what, o.why, o.count) for o in tree.left_out] == [
        (f"{read:02}.py", "more than 10 seconds: not read", 50 - read)
    ]
    assert not tree.complete


def test_the_time_until_somebody_asks_does_not_count(tmp_path: Path) -> None:
    clock = Clock(0)
    tree = Tree.read(write(tmp_path / "root", {"a.py": "x = 1\n"}), clock=clock)
    clock.now += 3_600
    assert tree.text("a.py") == "x = 1\n"


# ---- what is written to be costly ------------------------------------------------------------------------------------


def seconds(root: Path) -> float:
    began = time.process_time()
    everything(Tree.read(root))
    return time.process_time() - began


@pytest.mark.parametrize(
    "pattern",
    ["*a" * 100 + "b", "a*" * 100 + "b", "*[ab]" * 60 + "c", "*[]a]" * 60 + "c", "**/a/**/a/**/b", "?*" * 100 + "b", "*" * 300 + "b"],
)  # fmt: skip
def test_a_costly_gitignore_costs_no_time(tmp_path: Path, pattern: str) -> None:
    names = [f"{number}{'a' * 240}.py" for number in range(20)]
    root = write(tmp_path / "root", {".gitignore": f"{pattern}\n" * 50, **dict.fromkeys(names, "")})
    write(root / ("a/" * 50), {"a.py": ""})
    assert seconds(root) < 2


@pytest.mark.parametrize(
    "piece",
    ["password=", "password = '", "pass", "key:", '"token": "', "secret: a ", "<password>", "--password ", "('password','", ";pwd=a",
     "identified by '", "authorization: basic a", "api_key=a", "password\n value: ", "token:\t", "password: str[str[", "pass\\"],
)  # fmt: skip
def test_a_file_of_beginnings_costs_no_time(tmp_path: Path, piece: str) -> None:
    text = (piece * 100_000)[:250_000]
    began = time.process_time()
    everything(Tree.read(write(tmp_path / "root", {"a.yaml": text, "b.py": text})))
    assert time.process_time() - began < 4


def test_one_long_line_is_a_file_like_others_but_a_minified_script_is_not(tmp_path: Path) -> None:
    line = "var a=1;" * 20_000
    tree = Tree.read(write(tmp_path / "root", {"a.js": line, "a.py": line, "jquery.min.js": "1", "app.js.map": "{}"}))
    assert [path for path in tree.paths if tree.was_read(path)] == ["a.py"]
    assert reasons(tree) == {"minified or generated": ("app.js.map", 3)}


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
)
DEEP = {
    "package.json": "[" * 100_000,
    "composer.json": '{"a":' * 40_000,
    "pom.xml": BOMB + "]><project>&l9;</project>",
    "x/pom.xml": '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><project><artifactId>&x;</artifactId></project>',
    "pyproject.toml": "a=" + "[" * 50_000,
    "compose.yml": "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1},' * 10}]\n" for n in range(1, 12)),
    "deep.yml": "{" * 20_000,
    "Cargo.toml": "[a" * 20_000,
    "open.py": "(" * 20_000,
    "minus.py": "x=" + "-" * 100_000 + "1",
    "dots.py": "a" + ".b" * 50_000,
    "open.ts": "{" * 200_000,
    "open.graphql": "type A {" * 20_000,
    "open.prisma": "model A {" * 20_000,
    "open.sql": "CREATE TABLE " * 15_000,
}


@pytest.mark.parametrize("name", DEEP)
def test_what_parsers_choke_on_is_a_file_like_others(tmp_path: Path, name: str) -> None:
    root = write(tmp_path / "root", {name: DEEP[name]})
    began = time.process_time()
    codebase = read_codebase(root)
    assert codebase.files == 1
    assert "root:" not in codebase.dumped()
    assert time.process_time() - began < 3

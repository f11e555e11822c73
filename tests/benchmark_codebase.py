"""How fast a codebase is read: `python -m tests.benchmark_codebase [FOLDER]` prints seconds, megabytes and how far from the limits they are.

Without a folder a tree of 5,000 files is written first: eight services in as many languages, some 20 MB. Every figure is of
a process of its own; nothing here passes or fails.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FILES = 5_000
RUNS = 5
LIMITS = {"first": (3.0, 300.0), "second": (0.5, 300.0)}
"""Seconds and megabytes of the first scan and of the second."""

SCAN = """
import json, sys, time
began = time.perf_counter()
from pathlib import Path
from planning_kit.codebase import read_codebase
loaded = time.perf_counter()
codebase = read_codebase(Path(sys.argv[1]), words=("order", "invoice", "customer"))
ended = time.perf_counter()
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"loading": loaded - began, "scanning": ended - loaded, "seconds": ended - began, "user": used.ru_utime, "system": used.ru_stime,
    "megabytes": used.ru_maxrss / 1024, "files": codebase.files, "packages": len(codebase.packages),
    "left": [f"{o.what} ({o.count}): {o.why}" for o in codebase.left_out], "redacted": dict(codebase.redacted), "digest": len(codebase.digest)}))
"""
PARTS = """
import json, sys, time
from pathlib import Path
from planning_kit.codebase.tree import Tree
from planning_kit.codebase.stack import detect
from planning_kit.codebase.survey import survey
parts = {}
def timed(name, work):
    began = time.perf_counter(); result = work(); parts[name] = time.perf_counter() - began
    return result
tree = timed("listing", lambda: Tree.read(Path(sys.argv[1])))
timed("key of the memory", lambda: tree.listing)
timed("reading and redacting", lambda: tree.left_out)
packages = timed("stack", lambda: detect(tree))
timed("survey", lambda: survey(tree, packages, frozenset(("order", "invoice", "customer"))))
timed("fingerprint", lambda: tree.fingerprint)
print(json.dumps(parts))
"""

NOUNS = [
    "order",
    "invoice",
    "customer",
    "payment",
    "shipment",
    "product",
    "price",
    "stock",
    "cart",
    "refund",
    "address",
    "account",
    "session",
    "report",
    "audit",
    "coupon",
]
VERBS = [
    "create",
    "update",
    "cancel",
    "approve",
    "list",
    "find",
    "assign",
    "close",
    "export",
    "import",
    "validate",
    "notify",
]


def sources(nouns: random.Random, number: int) -> tuple[str, str, str]:
    """Manifest's path and text, and the language of the service with this number."""
    dependencies = {
        "py": ("pyproject.toml", '[project]\nname = "{n}"\nrequires-python = ">=3.12"\ndependencies = [\n  "fastapi==0.115.0",\n  "sqlalchemy>=2.0",\n  "alembic",\n]\n'),
        "ts": ("package.json", '{{\n  "name": "{n}",\n  "dependencies": {{\n    "@nestjs/core": "^10.0.0",\n    "typeorm": "0.3.20",\n    "pg": "^8"\n  }}\n}}\n'),
        "java": ("pom.xml", "<project>\n <modelVersion>4.0.0</modelVersion>\n <artifactId>{n}</artifactId>\n <dependencies>\n  <dependency>\n   <groupId>org.springframework.boot</groupId>\n   <artifactId>spring-boot-starter-data-jpa</artifactId>\n   <version>3.3.0</version>\n  </dependency>\n </dependencies>\n</project>\n"),
        "go": ("go.mod", "module example.com/{n}\n\ngo 1.22\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.10.0\n\tgorm.io/gorm v1.25.0\n)\n"),
        "rs": ("Cargo.toml", '[package]\nname = "{n}"\nedition = "2021"\n\n[dependencies]\naxum = "0.7"\nsqlx = {{ version = "0.7" }}\n'),
        "rb": ("Gemfile", "source 'https://rubygems.org'\ngem 'rails', '~> 7.1'\ngem 'pg'\n"),
        "php": ("composer.json", '{{\n "require": {{\n  "php": "^8.2",\n  "laravel/framework": "^11.0"\n }}\n}}\n'),
        "cs": ("Service.csproj", '<Project Sdk="Microsoft.NET.Sdk.Web">\n <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>\n <ItemGroup>\n  <PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="8.0.0" />\n </ItemGroup>\n</Project>\n'),
    }  # fmt: skip
    language = list(dependencies)[number % len(dependencies)]
    path, text = dependencies[language]
    return path, text.format(n=nouns.choice(NOUNS) + str(number)), language


def code(language: str, dice: random.Random, size: int, layer: str) -> str:
    """A file of about ``size`` characters; a third of the files, by ``layer``, begin with a route and a model."""
    noun, title = dice.choice(NOUNS), ""
    title = noun.capitalize()
    heads = {
        "py": f"from fastapi import APIRouter\nfrom sqlalchemy.orm import Mapped, mapped_column\n\nrouter = APIRouter(prefix='/{noun}s')\n\n\nclass {title}(Base):\n    __tablename__ = '{noun}s'\n    id: Mapped[int] = mapped_column(primary_key=True)\n\n\n@router.get('/{{id}}')\ndef read_{noun}(id: int):\n    return find(id)\n",
        "ts": f"import {{ Controller, Get }} from '@nestjs/common';\nimport {{ Entity, Column }} from 'typeorm';\n\n@Entity()\nexport class {title} {{\n  @Column() name: string;\n}}\n\n@Controller('{noun}s')\nexport class {title}Controller {{\n  @Get(':id')\n  read(id: string) {{ return this.service.find(id); }}\n}}\n",
        "java": f"package shop.{noun};\n\nimport org.springframework.web.bind.annotation.*;\n\n@Entity\n@Table(name = \"{noun}s\")\nclass {title} {{ @Id Long id; }}\n\n@RestController\n@RequestMapping(\"/{noun}s\")\npublic class {title}Controller {{\n  @GetMapping(\"/{{id}}\")\n  public {title} read(@PathVariable Long id) {{ return service.find(id); }}\n}}\n",
        "go": f"package {noun}\n\nimport \"github.com/gin-gonic/gin\"\n\ntype {title} struct {{\n\tID uint `gorm:\"primaryKey\"`\n}}\n\nfunc Routes(r *gin.Engine) {{\n\tr.GET(\"/{noun}s/:id\", read)\n}}\n",
        "rs": f"use axum::{{routing::get, Router}};\n\n#[derive(sqlx::FromRow)]\npub struct {title} {{ pub id: i64 }}\n\npub fn routes() -> Router {{\n    Router::new().route(\"/{noun}s/:id\", get(read))\n}}\n",
        "rb": f"class {title}sController < ApplicationController\n  def show\n    render json: {title}.find(params[:id])\n  end\nend\n\nclass {title} < ApplicationRecord\n  has_many :lines\nend\n",
        "php": f"<?php\n\nnamespace App\\Models;\n\nclass {title} extends Model\n{{\n    protected $table = '{noun}s';\n}}\n\nRoute::get('/{noun}s/{{id}}', [{title}Controller::class, 'show']);\n",
        "cs": f"namespace Shop.{title};\n\n[ApiController]\n[Route(\"{noun}s\")]\npublic class {title}Controller : ControllerBase\n{{\n    [HttpGet(\"{{id}}\")]\n    public {title} Read(long id) => _service.Find(id);\n}}\n",
    }  # fmt: skip
    comment = {"py": "#", "rb": "#"}.get(language, "//")
    plain = {
        "py": f"def settle_{noun}(request):\n    return request.{noun}\n",
        "ts": f"export function settle{title}(request: Request): {title} {{\n  return request.{noun};\n}}\n",
        "java": f"package shop.{noun};\n\npublic final class {title}Rules {{\n  {title} settle(Request request) {{ return request.{noun}(); }}\n}}\n",
        "go": f"package {noun}\n\nfunc Settle(request Request) {title} {{\n\treturn request.{title}\n}}\n",
        "rs": f"pub fn settle(request: &Request) -> {title} {{\n    request.{noun}\n}}\n",
        "rb": f"class Settle{title}\n  def call(request)\n    request.{noun}\n  end\nend\n",
        "php": f"<?php\n\nfinal class Settle{title}\n{{\n    public function settle($request) {{ return $request->{noun}; }}\n}}\n",
        "cs": f"namespace Shop.{title};\n\npublic static class {title}Rules\n{{\n    public static {title} Settle(Request request) => request.{title};\n}}\n",
    }  # fmt: skip
    head = heads[language] if layer in ("api", "storage") else plain[language]
    lines, length = [head], len(head)
    while length < size:
        verb, other, number = dice.choice(VERBS), dice.choice(NOUNS), dice.randrange(10_000)
        told = [
            f"{comment} {verb} the {other} once the {noun} is settled, see https://wiki.example.com/{other}/{number}",
            f"    result_{number} = {verb}_{other}(request.{noun}, limit={number}, order=places[{number}])",
            f'    log("{verb} {other} {number}", status="{verb}ed", path="/{other}s/{number}")',
            f"    if {other}.total > {number} and not {noun}.{verb}ed:",
            "",
            f'    password = settings.get("{other.upper()}_PASSWORD") {comment} {number}',
            f"    allowed = check({other}, token={noun}_token, key=keys[{number}])",
        ]
        line = dice.choices(told, weights=(12, 30, 20, 25, 10, 1, 2))[0]
        lines.append(line)
        length += len(line) + 1
    return "\n".join(lines) + "\n"


def plant(root: Path, files: int = FILES) -> None:
    """Write the tree: eight services of about the same size, each with a manifest, layers, tests, documents, settings, a picture."""
    dice = random.Random(17)
    left, number = files, 0
    while left > 0:
        manifest, text, language = sources(dice, number)
        service = root / f"services/{language}-{number}"
        put(service / manifest, text)
        put(service / "config/settings.yaml", "database:\n  host: db\n  password: s3cr3t-of-this-service\n  pool: 5\n")
        put(service / ".env", "TOKEN=never-read-at-all\n")
        put(service / "docs/logo.png", "\x89PNG\x00" * 200)
        put(service / "README.md", "# A service\n\n" + "It settles what was ordered. " * 60)
        left -= 5
        for place in range(min(files // 8 - 5, left)):
            layer = ("api", "domain", "domain/rules", "storage", "tests", "jobs/daily/late")[place % 6]
            size = min(int(dice.lognormvariate(7.9, 0.9)), 60_000)
            put(service / f"src/{layer}/{dice.choice(NOUNS)}_{place}.{language}", code(language, dice, size, layer))
            left -= 1
        number += 1
    put(
        root / ".gitignore",
        "*.log\n.venv/\ndist/\n__pycache__/\n*.py[cod]\n.DS_Store\nreport.[0-9]*.[0-9]*.json\n/local/\n!keep.log\n",
    )
    put(
        root / "docker-compose.yml",
        "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: s3cr3t\n",
    )


def put(path: Path, text: str) -> None:
    """Write a file and the folders it stands in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("latin-1"))


def fresh(script: str, root: Path, cache: Path) -> tuple[dict[str, float], float]:
    """What the script says, and the seconds of its whole process."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, str(root)],
        check=True,
        capture_output=True,
        env=os.environ | {"XDG_CACHE_HOME": str(cache)},
    )
    return json.loads(done.stdout), time.perf_counter() - began


def measure(root: Path, folder: Path) -> None:
    """Scan ``root`` a first and a second time, several times over, and print."""
    subprocess.run([sys.executable, "-c", "import planning_kit.codebase"], check=True)
    for kind in ("first", "second"):
        runs = []
        for run in range(RUNS):
            cache = folder / f"cache{run}"
            said, whole = fresh(SCAN, root, cache)
            runs.append(said | {"whole": whole})
        middle = {name: statistics.median(run[name] for run in runs) for name in ("seconds", "user", "system", "loading", "scanning", "whole", "megabytes")}  # fmt: skip
        seconds, megabytes = LIMITS[kind]
        print(
            f"{kind} scan: {middle['seconds']:.2f} s ({middle['seconds'] / seconds:.2f} of the limit; {middle['loading']:.2f} s of it loading the package; "
            f"whole process {middle['whole']:.2f} s; processor {middle['user']:.2f} s user, {middle['system']:.2f} s system), {middle['megabytes']:.0f} MB ({middle['megabytes'] / megabytes:.2f} of the limit)"
        )
        if kind == "first":
            said = runs[0]
            print(
                f"  {said['files']:,} files, {said['packages']} packages, digest of {said['digest']:,} characters, redacted {said['redacted']}"
            )
            for left in said["left"]:  # type: ignore[attr-defined]
                print(f"  left out {left}")
    parts, _ = fresh(PARTS, root, folder)
    print("  " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in parts.items()))


def main() -> None:
    """Write the tree unless one is named, measure, print."""
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, median of {RUNS} fresh processes")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder, "tree")
        if len(sys.argv) == 1:
            plant(root)
        sizes = [path.stat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
        print(f"{len(sizes):,} files, {sum(sizes) / 1e6:.1f} MB")
        measure(root, Path(folder))


if __name__ == "__main__":
    main()

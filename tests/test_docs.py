"""The docs say what is so: every console example runs, every command is written up, nothing links to what is not there.

In README.md and docs/*.md, a block of ```yaml whose first line is `# FILE` is that file; in a block of ```console every line
after `$ ` is run in the workspace of that page, and the lines below it must stand in its output, in this order (`...` skips).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TOLD = [page for page in PAGES if "```console" in page.read_text()]
BLOCK = re.compile(r"^```(console|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the lines that are shown of its output."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        yield command, [line.rstrip() for line in shown]


def run(command: str, folder: Path) -> tuple[str, int]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, env={**os.environ, "PATH": path, "COLUMNS": "120"}
    )
    return done.stdout + done.stderr, done.returncode


def assert_shown(command: str, shown: list[str], output: str) -> None:
    found = iter(line.rstrip() for line in output.splitlines())
    for line in shown:
        assert line == "..." or line in found, f"$ {command}\nshould print: {line}\n--- prints:\n{output}"


@pytest.mark.parametrize("page", TOLD, ids=lambda page: page.name)
def test_every_example_does_what_its_page_shows(page: Path, tmp_path: Path) -> None:
    folder = tmp_path
    for kind, text in BLOCK.findall(page.read_text()):
        if kind == "yaml" and (named := re.match(r"# (\S+\.yaml)\n", text)):
            (folder / named[1]).parent.mkdir(parents=True, exist_ok=True)
            (folder / named[1]).write_text(text)
        elif kind == "console":
            for command, shown in commands(text):
                if command.startswith("make "):
                    continue
                output, _ = run(command, folder)
                assert_shown(command, shown, output)
                if moved := re.search(r"cd (\S+)$", command):
                    folder /= moved[1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("folder", ["dsl", "engine", "adapters", "cli"])
def test_the_map_of_a_folder_names_files_that_are_there(folder: str) -> None:
    there = {path.name for path in (ROOT / folder).rglob("*.py")}
    named = set(re.findall(r"\b[a-z]\w*\.py\b", (ROOT / folder / "docs.md").read_text()))
    assert named and named - there == set()


def test_every_command_is_written_up() -> None:
    listed, _ = run("orderloom --help", ROOT)
    names = re.findall(r"^  ([a-z-]+)  ", listed.split("Commands:")[1], re.MULTILINE)
    told = (ROOT / "docs" / "commands.md").read_text()
    assert [name for name in names if f"orderloom {name}" not in told] == []

"""The page of the commands is up to date. ORDERLOOM_UPDATE=1 writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

from orderloom.cli.main import main
from orderloom.cli.reference import page

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def test_the_page_of_the_commands_is_up_to_date() -> None:
    if os.environ.get("ORDERLOOM_UPDATE"):
        PAGE.write_text(page(main), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(main)


def test_every_command_has_an_example() -> None:
    parts = page(main).split("\n## ")[1:]
    assert [part.split("\n")[0] for part in parts if "Example" not in part] == []

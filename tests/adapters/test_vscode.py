"""The extension for VS Code says what is so: its JSON is whole, its files are there, and it starts a command that there is."""

from __future__ import annotations

import json
import re
from pathlib import Path

from orderloom.cli.main import COMMANDS

FOLDER = Path(__file__).parents[2] / "adapters" / "vscode"


def test_the_extension_names_what_is_there() -> None:
    package = json.loads((FOLDER / "package.json").read_text())
    script = (FOLDER / package["main"]).read_text()
    command, *args = package["contributes"]["configuration"]["properties"]["orderloom.command"]["default"]
    assert command == "orderloom"
    assert args[0] in COMMANDS
    required = set(re.findall(r'require\("([^"/]+)', script)) - {"vscode"}
    assert required == set(package["dependencies"])
    assert all(f'"{each["command"]}"' in script for each in package["contributes"]["commands"])
    assert {path.name for path in FOLDER.iterdir()} - {"node_modules"} == {"README.md", "extension.js", "package.json"}

"""Commands as users run them: in this process by click's runner, or as a program of their own."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from confirming import DATA, PROCESS
from confirming import order as an_order
from taking_back import ORDER as SOLD
from taking_back import RULES as TAKES_BACK

from orderloom.cli.main import main

PROGRAM = Path(sys.executable).with_name("orderloom")
Run = Callable[..., Result]

ORDER = {
    "id": "W1",
    "channel": "web",
    "division": "RETAIL",
    "placed_at": "2026-10-20T09:00:00",
    "customer": {"id": "C1", "tier": "gold"},
    "ship_to": {"zip": "87122", "lat": 35.18853, "lon": -106.49354},
    "lines": [{"id": 1, "item": "I02991", "quantity": 2, "unit_price": 11.37, "want_by": "2026-10-26"}],
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ORDERLOOM_DEBUG", raising=False)
    return lambda *args: CliRunner().invoke(main, [str(arg) for arg in args], prog_name="orderloom")


@pytest.fixture
def shop(run: Run, tmp_path: Path) -> Path:
    """A workspace as `init` writes it."""
    assert run("init", "shop").exit_code == 0
    return tmp_path / "shop"


@pytest.fixture
def fill(run: Run, shop: Path) -> Callable[[dict[str, str]], Path]:
    """Writes files of the workspace by their kinds, and imports each, in this order."""

    def write(files: dict[str, str]) -> Path:
        for kind, text in files.items():
            (shop / f"{kind}.csv").write_text(text)
            result = run("import", kind, shop / f"{kind}.csv", "--dir", shop)
            assert result.exit_code == 0, result.output
        return shop

    return write


@pytest.fixture
def confirming(run: Run, fill: Callable[[dict[str, str]], Path], shop: Path) -> Path:
    """Three orders of which sales confirms two: W1 of 20.00, W2 of 600.00, W3 of 1,000.00."""
    (shop / "rules" / "confirm.yaml").write_text(PROCESS)
    fill(DATA)
    lines = [json.dumps(an_order(f"W{n}", quantity)) for n, quantity in ((1, 1), (2, 30), (3, 50))]
    (shop / "orders.jsonl").write_text("\n".join(lines))
    for words in (("import", "orders", shop / "orders.jsonl"), ("work", "--once")):
        result = run(*words, "--dir", shop)
        assert result.exit_code == 0, result.output
    return shop


@pytest.fixture
def sold(run: Run, shop: Path, fill: Callable[[dict[str, str]], Path]) -> Path:
    """Three T-shirts of W1 that were delivered, at 33.33 each."""
    fill(DATA | {"stock": "item,node,on_hand,safety_stock,walkin_28d\nTEE,DC1,9,0,0\n"})
    (shop / "rules" / "own.yaml").write_text(TAKES_BACK)
    (shop / "order.jsonl").write_text(json.dumps(SOLD))
    for words in (("import", "orders", shop / "order.jsonl"), ("work", "--once")):
        done = run(*words, "--dir", shop)
        assert done.exit_code == 0, done.output
    return shop


@pytest.fixture
def order(tmp_path: Path) -> Path:
    """A file with one order for two of an item that the shipped data has."""
    path = tmp_path / "one.json"
    path.write_text(json.dumps(ORDER, indent=2))
    return path


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the installed program in the empty folder, its output piped."""

    def call(*args: object) -> subprocess.CompletedProcess[str]:
        command = [str(PROGRAM), *map(str, args)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)

    return call

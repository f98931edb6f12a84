"""Every command that works on a store has a right, and `--as` holds whoever is named to his."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import Result
from confirming import DATA, order

from orderloom.cli import acting
from orderloom.cli.main import COMMANDS, main
from orderloom.dsl.rights import RIGHTS

Run = Callable[..., Result]


def leaves(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, below in command.commands.items():
        yield from leaves(below, f"{path} {name}")


def everything() -> list[tuple[str, click.Command]]:
    context = click.Context(main)
    found = [(name, main.get_command(context, name)) for name in COMMANDS]
    return [leaf for name, command in found if command is not None for leaf in leaves(command, name)]


def test_every_command_needs_a_right_or_no_store() -> None:
    for path, command in everything():
        right = acting.right_of(path)
        opens = any(parameter.name == "store_name" for parameter in command.params)
        assert right in (acting.SEES, "") or ({right} if isinstance(right, str) else {*right}) <= {*RIGHTS}, path
        if right:
            assert any("--as" in parameter.opts for parameter in command.params), path
            assert getattr(command.callback, "guards", None) == right, path
        else:
            assert not opens or path.split(" ")[0] in acting.WITHOUT_STORE, path


def test_the_matrix_of_commands_says_what_a_role_may(run: Run, confirming: Path) -> None:
    """It goes by the same table as the guard; what is tried here is refused just where it says so."""
    told = json.loads(run("access", "--commands", "--dir", confirming, "--format", "json").output)
    of = {each["command"]: each for each in told}
    paths = {path for path, _ in everything() if acting.right_of(path)}
    assert {path for path in of if " /" not in path} == paths and "GET /orders/{order}/returns" in of
    assert of["return list"]["right"] == "return or receive or inspect"
    assert of["stock show"]["right"] == "sees"
    for command in ("return list", "return report", "repair list", "appease list", "supply list", "promises report", "db status"):
        for role in ("customer-service", "operations", "fulfiller", "associate"):
            done = run(*command.split(), "--dir", confirming, "--as", role)
            assert (done.exit_code == 0) == (role in str(of[command]["roles"]).split(", ")), (command, role, done.output)
    few = json.loads(run("access", "--commands", "--role", "fulfiller", "--dir", confirming, "--format", "json").output)
    assert "return receive" in {each["command"] for each in few} and "return ask" not in {each["command"] for each in few}


def test_every_named_command_is_there() -> None:
    there = {path for path, _ in everything()}
    coming = {"return", "appease"}
    assert {path for path in acting.RIGHT_OF if path not in there and path not in COMMANDS} <= coming
    assert set(acting.OPERATES) <= {path.split(" ")[0] for path in there} | {"archive"}
    assert import_module("orderloom.cli.acting") is acting


@pytest.fixture
def placed(confirming: Path) -> Path:
    return confirming


def test_a_role_is_held_to_what_it_may(run: Run, placed: Path) -> None:
    for args, said in (
        (("db", "status"), "customer-service has not the right `operate` (looks after the store)"),
        (("stock", "list"), "who has it: operations"),
        (("supply", "list"), "customer-service has not the right"),
    ):
        found = run(*args, "--dir", placed, "--as", "customer-service")
        assert found.exit_code == 2 and said in found.output, found.output
    deployed = run("deploy", placed, "--as", "customer-service")
    assert deployed.exit_code == 2 and "customer-service has not the right `deploy` (makes versions" in deployed.output
    assert run("stock", "list", "--dir", placed, "--as", "operations").exit_code == 0
    assert "did you mean operations?" in run("stock", "list", "--dir", placed, "--as", "operation").output


def test_who_reports_sees_the_keys_of_what_he_was_asked(run: Run, shop: Path, fill: Callable[[dict[str, str]], Path]) -> None:
    fill(DATA | {"stock": "item,node,on_hand,safety_stock,walkin_28d\nTEE,DC1,9,0,0\n"})
    (shop / "order.jsonl").write_text(json.dumps(order("W1", 1)))
    for words in (("import", "orders", shop / "order.jsonl"), ("work", "--once")):
        assert run(*words, "--dir", shop).exit_code == 0
    show = ("orders", "show", "W1", "--dir", shop)
    told = json.loads(run(*show, "--format", "json").output)["messages"]
    (key,) = [each["key"] for each in told if each["message"] == "pick-request"]
    assert key in run(*show).output
    seen = json.loads(run(*show, "--as", "own-dcs@DC1", "--format", "json").output)
    assert key in [each["request"] for each in seen["requests"]]
    assert {each["message"] for each in seen["requests"]} <= {"pick-request", "pack-request"}
    assert key in run(*show, "--as", "own-dcs@DC1").output
    for away in ("stores@DC1", "own-dcs@DC7"):
        found = run(*show, "--as", away)
        assert found.exit_code == 2 and f"does not operate the node {away[-3:]}" in found.output and key not in found.output
    assert "requests" not in json.loads(run(*show, "--as", "customer-service", "--format", "json").output)

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import Result

from orderloom.cli.main import COMMANDS, main

Run = Callable[..., Result]
Program = Callable[..., subprocess.CompletedProcess[str]]


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and sub-command by its whole name."""
    with click.Context(main) as context:
        for name in main.list_commands(context):
            command = main.get_command(context, name)
            assert command is not None
            yield name, command
            if isinstance(command, click.Group):
                yield from ((f"{name} {sub}", found) for sub, found in command.commands.items())


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_help_of_every_command_has_an_example_of_it(name: str, command: click.Command) -> None:
    assert command.help is not None
    assert f"Example: orderloom {name}" in command.help
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_help_lists_every_command(run: Run) -> None:
    output = run("--help").output
    assert all(f"  {name} " in output and text in output for name, (_, text) in COMMANDS.items())


def test_help_starts_fast(program: Program) -> None:
    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert program("--help").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(5)) < 0.3  # of the processor, however busy the machine is


@pytest.mark.parametrize(("word", "hint"), [("stok", "did you mean stock?"), ("frobnicate", "see orderloom --help")])
def test_a_command_that_is_not_there_is_told_with_what_was_meant(run: Run, word: str, hint: str) -> None:
    found = run(word)
    assert (found.exit_code, f"there is no command {word}; {hint}" in found.output) == (2, True)


def test_version(run: Run) -> None:
    assert run("--version").output.startswith("orderloom 0.")


@pytest.mark.parametrize(
    "args", [["nonsense"], ["demo", "--orders", "none"], ["validate", "no/such/folder"], ["import", "orders"]]
)
def test_wrong_use_exits_2(run: Run, args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "args",
    [
        ["validate"],
        ["test"],
        ["work", "--once"],
        ["orders", "list"],
        ["orders", "explain", "W1"],
        ["stock"],
        ["exceptions", "list"],
        ["exceptions", "resolve", "W1", "x", "y"],
        ["demo", "--resume"],
        ["orders", "list", "--store", "nowhere://x"],
        ["orders", "list", "--store", "no/such/folder/x.sqlite"],
        ["graph", "nonsense"],
        ["explain", "E9999"],
        ["demo", "--orders", "1", "--store", "no/such/folder/x.sqlite"],
        ["demo", "--orders", "1", "--data", "."],
    ],
)
def test_where_there_is_nothing_to_work_on_it_says_so_and_exits_2(run: Run, args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 2, result.output
    assert "Error: " in result.output
    assert "Traceback" not in result.output


def test_a_file_that_is_no_store_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_text("this is no database at all, only a text that goes on for a while")
    result = run("orders", "list", "--store", "x.sqlite")
    assert result.exit_code == 2
    assert "x.sqlite" in result.output


def test_a_store_that_cannot_be_written_is_told(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("work", "--once", "--dir", shop).exit_code == 0
    monkeypatch.setattr("orderloom.engine.store.connect.PRAGMAS", ("PRAGMA busy_timeout = 0",))
    with sqlite3.connect(shop / "orderloom.sqlite", isolation_level=None) as other:
        other.execute("begin immediate")
        result = run("work", "--once", "--dir", shop)
        other.execute("rollback")
    other.close()
    assert (result.exit_code, "the store cannot be used: database is locked" in result.output) == (2, True)


def test_a_fault_of_ours_exits_3_and_says_where_to_report(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("orderloom.cli.explain.pages", broken)
    result = run("explain", "E101")
    assert result.exit_code == 3
    assert "RuntimeError: on purpose" in result.output
    assert "issue tracker" in result.output
    assert "Traceback" not in result.output


def test_completion_is_offered(tmp_path: Path) -> None:
    env = {"_ORDERLOOM_COMPLETE": "bash_source", "PATH": "/usr/bin:/bin"}
    found = subprocess.run(
        [str(Path(sys.executable).with_name("orderloom"))], env=env, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert "complete" in found.stdout

"""What a test reports for readers is printed below the results, also when tests run in several processes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

sys.path.insert(0, str(Path(__file__).parent))

from postgres import some_server

# What the tests of the store assert on both kinds of store; other tests use some of it and may come first.
pytest.register_assert_rewrite(
    "conformance", "copies", "granting", "growth", "inventory", "migrations", "pages", "shards", "versioned", "watched", "lanes"
)

REPORT = "report"  #: a test records its lines under this name, by `record_property`


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for result in terminalreporter.getreports("passed"):
        for name, text in result.user_properties:
            if name == REPORT:
                terminalreporter.write_line(str(text))


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A running PostgreSQL, started for the first test that asks for it."""
    with some_server() as server:
        yield server

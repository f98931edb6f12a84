"""The helpers of the tests of the store, and a fresh store of either kind."""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "store"))

import pytest
from postgres import database
from sqlalchemy import URL


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store, in a file and on a server."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/shop.sqlite"
        return
    server: URL = request.getfixturevalue("postgres")
    with database(server) as address:
        yield address

"""The toy shop of the store's tests, and the random lives of a real one, are helpers here, too."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "store"))

import pytest
import toy
from shop import Shop, stocked


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store: a file, unless a test asks for a server."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path}/toys.sqlite"
        return
    from postgres import database

    with database(request.getfixturevalue("postgres")) as address:
        yield address


@pytest.fixture
def shop(url: str) -> Iterator[Shop]:
    """Four orders: two are delivered, one is on its way, one waits for its pick."""
    shop = stocked(url, quantity=50)
    shop.capture(1, 2)
    shop.worker().run_until_idle()
    shop.capture(3, 4)
    shop.worker(until=toy.START + timedelta(days=1)).run_until_idle()
    yield shop
    shop.store.close()

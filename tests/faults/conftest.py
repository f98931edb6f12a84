"""The toys of the store's tests serve here too."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "engine" / "store"))
sys.path.insert(0, str(Path(__file__).parent))

import nursery as makers


@pytest.fixture(scope="session")
def nursery() -> Iterator[makers.Nursery]:
    """A maker of workers."""
    with makers.nursery() as maker:
        yield maker

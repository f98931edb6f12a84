"""The store on a server: the suite that every store passes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alerting import *  # noqa: F403
from conformance import *  # noqa: F403
from copies import *  # noqa: F403
from inventory import *  # noqa: F403
from lookups import *  # noqa: F403
from migrations import *  # noqa: F403
from postgres import database
from sqlalchemy import URL


@pytest.fixture
def url(postgres: URL) -> Iterator[str]:
    with database(postgres) as address:
        yield address

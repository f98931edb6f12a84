"""Versions in the store."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orderloom.adapters.versions import current_version
from orderloom.engine.shell.programs import UnknownProgram, deploy
from orderloom.engine.store import Store, open_store


def test_a_version_that_this_release_does_not_read_says_where() -> None:
    store = open_store("sqlite://", "shop")
    assert isinstance(store, Store)
    manifest = b"orderloom: 1\nworkspace: shop\ncurrency: USD\ntimezone: UTC\n"
    sources = {":orderloom.yaml": manifest, ":rules/old.yaml": b"kind: calendar\nname: old\ntimezone: UTC\nopen: mon-fri\n"}
    deploy(store, "1", sources, "shop", datetime(2026, 3, 2, tzinfo=UTC))
    with pytest.raises(UnknownProgram, match=r"an older form of the language: rules/old\.yaml:1 "):
        current_version(store)

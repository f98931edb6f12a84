"""Layers: to who reads them a dict, and what was before stays as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orderloom.engine.ledger.layers import Layers

KEYS = range(12)
steps = st.lists(st.dictionaries(st.sampled_from(KEYS), st.integers(0, 9), max_size=4), max_size=30)


@given(steps)
def test_every_state_is_the_dict_that_it_would_be(steps: list[dict[int, int]]) -> None:
    states: list[tuple[Layers[int, int], dict[int, int]]] = [(Layers(), {})]
    for entries in steps:
        layers, known = states[-1]
        states.append((layers.having(entries), known | entries))
    for layers, known in states:
        assert layers.merged() == known
        assert [layers.get(key) for key in KEYS] == [known.get(key) for key in KEYS]


def test_many_single_entries_make_few_layers() -> None:
    layers: Layers[int, int] = Layers()
    for key in range(5_000):
        layers = layers.having({key: key})
    assert len(layers._layers) <= 4  # 16 ** 3 < 5000 < 16 ** 4
    assert layers.merged() == {key: key for key in range(5_000)}

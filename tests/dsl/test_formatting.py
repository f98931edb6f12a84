"""One style: every file of ours, files drawn at random, and what is told in docs."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.dsl.formatting import formatted

ROOT = Path(__file__).parents[2]
OURS = sorted(path for folder in ("processes", "rules", "cli", "tests/scenarios") for path in (ROOT / folder).rglob("*.yaml"))

BEFORE = """\


# A process.
kind:   process
steps:
- step: pick    # the node begins
  ask: fulfiller
  on: {short-picked:  gone ,late: gone}


# Ways off the main road
- step: gone     # nothing is left
  end:   gone
notes: [ a,b ,
         "c: d" ]
why: >-
       first

         second
       third
    # behind it
table: |
    method | node    || process | note
    "ship" | "dc"||"a | b"   | x
"""
AFTER = """\
# A process.
kind: process
steps:
  - step: pick  # the node begins
    ask: fulfiller
    on: { short-picked: gone, late: gone }

  # Ways off the main road
  - step: gone  # nothing is left
    end: gone
notes: [a, b,
  "c: d"]
why: >-
  first

    second
  third
# behind it
table: |
  method | node || process | note
  "ship" | "dc" || "a | b" | x
"""


def test_one_style() -> None:
    assert formatted(BEFORE) == AFTER


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_our_files_stay_what_they_mean(path: Path) -> None:
    once = formatted(path.read_text())
    assert once is not None and formatted(once) == once
    assert sorted(_comments(once)) == sorted(_comments(path.read_text()))


@pytest.mark.parametrize(
    "path",
    [each for each in OURS if "tests" not in each.relative_to(ROOT).parts],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_what_we_ship_is_in_the_one_style(path: Path) -> None:
    assert formatted(path.read_text()) == path.read_text(), "orderloom fmt writes it anew"


def _comments(text: str) -> list[str]:
    return [line.partition("# ")[2].rstrip() for line in text.splitlines() if "# " in line]


@pytest.mark.parametrize(
    "text",
    [
        "a: |+\n  x\n\n\nb: 1\n",
        "a: |2\n    x\n  y\n",
        "a: |-   # told\n  x\n   \n  y\n",
        "a: &here { b: 1 }\nc: *here\n&key k: d\ne: &f g\n",
        "- - a\n  - b\n-\n  c: d\n  e:\n  - f\n",
        "? a\n: b\n",
        "a: 'x\n  y'\nb: x\n   y\n\n   z\n",
        "a: {\n  b: [\n    c\n  ]\n}\n",
        "--- # first\na: 1\n...\n---\nb: 2\n# end",
        "a:\n  # inside\n  b: 1\n  # inside, too\n# outside\nc: 2\n",
        "a: {}\nb: []\nc:\nd: ''\n",
    ],
)
def test_whatever_yaml_allows_keeps_its_meaning(text: str) -> None:
    once = formatted(text)
    assert once is not None and formatted(once) == once
    assert list(yaml.safe_load_all(once)) == list(yaml.safe_load_all(text))
    assert once.count("#") == text.count("#")


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\ta: 1", "a: 'x"])
def test_what_is_no_yaml_is_left_alone(text: str) -> None:
    assert formatted(text) is None


words = st.text("ab: #|-'\"{},[]\n\\*&!", max_size=8)
values = st.recursive(
    words | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(values, st.sampled_from([None, True, False]), st.integers(2, 6), st.sampled_from([None, "|", ">", "'", '"']))
def test_any_file_keeps_its_meaning(value: object, flow: bool | None, indent: int, style: str | None) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, indent=indent, default_style=style, width=20)
    once = formatted(text)
    assert once is not None, text
    assert formatted(once) == once
    assert yaml.safe_load(once) == yaml.safe_load(text)

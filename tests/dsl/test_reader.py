from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from orderloom.dsl import reader
from orderloom.dsl.decode import plain
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.reader import read
from orderloom.dsl.source import Source


def read_text(text: str) -> list[object]:
    nodes, found = read(Source("a.yaml", text.encode()))
    assert not found
    return [plain(node) for node in nodes]


def codes(text: str | bytes) -> list[tuple[str, int, int]]:
    _, found = read(Source("a.yaml", text if isinstance(text, bytes) else text.encode()))
    return [(d.code, d.span.line, d.span.column) for d in found]


def test_words_that_older_yaml_takes_for_booleans_are_texts() -> None:
    assert read_text("on: yes\noff: NO\n") == [{"on": "yes", "off": "NO"}]


def test_nothing_is_guessed_to_be_a_date_or_a_base_60_number() -> None:
    assert read_text("a: 2026-03-02\nb: 12:30:45\nc: 0o17\nd: 1_000\n") == [
        {"a": "2026-03-02", "b": "12:30:45", "c": "0o17", "d": "1_000"}
    ]


def test_core_values() -> None:
    assert read_text("[1, -2, true, false, null, ~, '1', \"true\"]\n") == [[1, -2, True, False, None, None, "1", "true"]]
    assert [str(value) for value in read_text("[1.50, .5, 2e3]\n")[0]] == ["1.50", "0.5", "2E+3"]  # type: ignore[attr-defined]


def test_documents_of_one_file() -> None:
    assert read_text("a: 1\n---\nb: 2\n...\n") == [{"a": 1}, {"b": 2}]


def test_a_byte_order_mark_does_not_count() -> None:
    nodes, found = read(Source("a.yaml", b"\xef\xbb\xbfa: 1\n"))
    assert not found
    assert nodes[0].span.column == 1


def test_documents_before_a_fault_are_kept() -> None:
    nodes, found = read(Source("a.yaml", b"a: 1\n---\nb: [\n"))
    assert [plain(node) for node in nodes] == [{"a": 1}]
    assert [d.code for d in found] == ["E005"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a:\n\tb: 1\n", (2, 1)),
        ("a:\n  b: 1\n\tc: 2\n", (3, 1)),
        ("steps:\n  - step: a\n  \tdo: b\n", (3, 3)),
    ],
)
def test_a_tab_is_shown_where_it_stands(text: str, place: tuple[int, int]) -> None:
    assert codes(text) == [("E006", *place)]


def test_bytes_that_are_no_text() -> None:
    assert codes(b"a: 1\nb: caf\xe9\n") == [("E001", 2, 7)]
    assert codes("é: 1\n".encode("utf-16")) == [("E002", 1, 1)]
    assert codes(b"\x89PNG\r\n\x1a\n\0\0") == [("E002", 1, 1)]


def test_ten_megabytes_are_refused_unread() -> None:
    too_deep = b"[" * 10_000_000
    assert [code for code, *_ in codes(too_deep)] == ["E004"]


def test_depth_costs_nothing() -> None:
    assert [code for code, *_ in codes("[" * 500_000)] == ["E012"]


def test_aliases_may_stand_for_little_and_not_for_much() -> None:
    assert read_text("a: &x [1, 2]\nb: *x\n") == [{"a": [1, 2], "b": [1, 2]}]
    bomb = "a0: &a0 [1, 1]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    assert [code for code, *_ in codes(bomb)] == ["E010"]
    assert codes("a: &x [*x]\n") == [("E011", 1, 8)]


def test_every_fault_of_a_file_is_told_once() -> None:
    text = "a: 1\na: 2\nb: !!str 3\n<<: { c: 4 }\na: 5\n"
    assert codes(text) == [("E009", 3, 4), ("E007", 2, 1), ("E008", 4, 1), ("E007", 5, 1)]


def test_the_python_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [source for source in pack_sources("retail") if source.path.endswith(".yaml")]
    fast = [[(node.start, node.end, plain(node)) for node in read(source)[0]] for source in sources]
    monkeypatch.setattr(reader, "_LOADER", yaml.BaseLoader)
    assert fast == [[(node.start, node.end, plain(node)) for node in read(source)[0]] for source in sources]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.text("ab:-[]{}#&*!|>'\"%@`,? \n\t", max_size=60))
def test_any_text_is_read_or_told_of(text: str) -> None:
    nodes, found = read(Source("a.yaml", text.encode()))
    assert nodes or found
    for diagnostic in found:
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text) + 1


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_told_of(content: bytes) -> None:
    nodes, found = read(Source("a.yaml", content))
    assert nodes or found

import gzip
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.adapters.imports import rows as module
from orderloom.adapters.imports.rows import Row, open_rows


def read(tmp_path: Path, name: str, content: bytes) -> list[Row]:
    path = tmp_path / name
    path.write_bytes(content)
    with open_rows(path) as file:
        return list(file.rows())


def test_json_lines_keep_their_numbers_and_exact_decimals(tmp_path: Path) -> None:
    found = read(tmp_path, "a.jsonl", b'{"price": 0.1}\n\n{"price": 2}\r\n')
    assert found == [Row(1, '{"price": 0.1}', {"price": Decimal("0.1")}), Row(3, '{"price": 2}', {"price": 2})]


def test_what_is_not_an_object_is_a_problem_and_the_rest_goes_on(tmp_path: Path) -> None:
    found = read(tmp_path, "a.jsonl", b'{"id": 1\n[1]\n\xff\n{"n": NaN}\n' + b"[" * 100_000 + b'\n{"id": 2}\n')
    assert [bool(row.problem) for row in found] == [True, True, True, True, True, False]
    assert found[0].problem is not None
    assert found[0].problem.startswith("not valid JSON")
    assert (found[1].problem or "").startswith("a JSON array; JSON lines have one object a line")
    assert found[2].problem == "the line is not UTF-8 text"
    assert found[5].number == 6


def test_a_file_may_be_one_object_over_many_lines(tmp_path: Path) -> None:
    text = '{\n  "id": 1,\n  "lines": [\n    {"n": 0.5}\n  ]\n}'
    assert read(tmp_path, "a.json", b"\n" + text.encode() + b"\n") == [Row(2, text, {"id": 1, "lines": [{"n": Decimal("0.5")}]})]
    [broken] = read(tmp_path, "b.json", b'{\n"id": 1,\n\xff\n}\n')
    assert (broken.number, broken.problem) == (1, "the line is not UTF-8 text")
    [cut] = read(tmp_path, "c.json", b'{\n"id": 1,\n')
    assert (cut.problem or "").startswith("not valid JSON")
    [long] = read(tmp_path, "d.json", b"{\n" + b'"a": 1,\n' * (module.LONGEST // 4) + b"}\n")
    assert (long.problem, len(long.text)) == (f"the object is longer than {module.LONGEST} bytes", module.LONGEST)


def test_csv_rows_take_their_names_from_the_header(tmp_path: Path) -> None:
    found = read(tmp_path, "a.csv", b'\xef\xbb\xbfid, title\n1,"a, b"\n2,"two\nlines"\n3\n')
    assert [(row.number, row.values) for row in found[:2]] == [
        (2, {"id": "1", "title": "a, b"}),
        (3, {"id": "2", "title": "two\nlines"}),
    ]
    assert found[1].text == '2,"two\nlines"'
    assert (found[2].number, found[2].problem) == (5, "1 cells where the header has 2")


@pytest.mark.parametrize("sign", [";", "\t"])
def test_cells_that_no_comma_separates_are_told(tmp_path: Path, sign: str) -> None:
    [row] = read(tmp_path, "a.csv", f"id{sign}weight\n1{sign}0.5\n".encode())
    assert row.problem == f"columns are separated by commas, not by {sign!r}"


def test_gzip_is_read_and_a_broken_end_is_told(tmp_path: Path) -> None:
    content = gzip.compress(b'{"id": 1}\n' * 3)
    assert len(read(tmp_path, "a.jsonl.gz", content)) == 3
    cut = read(tmp_path, "a.jsonl.gz", content[:-12])
    assert cut[-1].problem is not None
    assert cut[-1].problem.startswith("the file cannot be read from here on")
    assert read(tmp_path, "b.jsonl.gz", b"not gzip")[0].problem is not None


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    found = read(tmp_path, "a.jsonl", b"x" * (module.LONGEST * 2 + 5) + b'\n{"id": 1}\n')
    assert [(row.number, bool(row.problem), len(row.text)) for row in found] == [(1, True, 0), (2, False, 9)]


@given(st.lists(st.text(alphabet='ab,"\n\r\0é', max_size=6), max_size=6))
def test_no_csv_text_is_an_error(cells: list[str]) -> None:
    from io import BytesIO

    found = list(module._csv(BytesIO("\n".join(["a,b", *cells]).encode())))
    assert all(row.problem is not None or set(row.values) == {"a", "b"} for row in found)


def test_empty_files_have_no_rows(tmp_path: Path) -> None:
    assert read(tmp_path, "a.csv", b"") == read(tmp_path, "a.jsonl", b"") == read(tmp_path, "b.csv", b"a,b\n") == []


def test_two_columns_of_one_name_are_a_problem_and_nameless_ones_are_not(tmp_path: Path) -> None:
    [row] = read(tmp_path, "a.csv", b"item,on_hand,on_hand\nTEE,5,6\n")
    assert (row.number, row.problem) == (1, "two columns are called on_hand")
    assert [row.problem for row in read(tmp_path, "b.csv", b"id,,\n1,,\n")] == [None]

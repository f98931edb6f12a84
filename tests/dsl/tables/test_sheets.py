"""Tables in CSV files and XLSX workbooks: values, and the places of faults."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook

from orderloom.dsl.feel import Scope
from orderloom.dsl.feel.dates import Date
from orderloom.dsl.feel.types import BOOLEAN, DATE, NUMBER, STRING
from orderloom.dsl.tables import InputSpec, OutputSpec, Policy, TableSpec, arrange, build, parse_csv, parse_xlsx


def workbook(*rows, title="Sheet", second=()):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    other = book.create_sheet("other")
    for row in second:
        other.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def table_from(grid, inputs, outputs, policy=Policy.UNIQUE):
    arranged, problems = arrange(grid, [column.name for column in inputs], [column.name for column in outputs])
    assert arranged is not None, problems
    return build(TableSpec(policy, tuple(inputs), tuple(outputs), arranged.rows, arranged.annotations), Scope())


def texts(grid):
    return [[cell.text for cell in row] for row in grid.rows]


def test_csv_by_rfc_4180():
    text = '\ufeffa,b,"c"\r\n1,"x, ""y""", z \r\n\r\n"2\n3",4\r\n'
    grid, problems = parse_csv(text)
    assert grid is not None and problems == ()
    assert texts(grid) == [["1", 'x, "y"', "z"], ["2\n3", "4", ""]]
    assert [row[1].place for row in grid.rows] == ["line 2", "line 5"]
    assert [text[cell.offset : cell.offset + 1] for cell in grid.rows[0]] == ["1", "x", "z"]


INPUTS = [InputSpec("tier", STRING), InputSpec("weight", NUMBER)]
OUTPUTS = [OutputSpec("service", STRING), OutputSpec("rate", NUMBER)]


def test_words_in_a_column_of_strings_need_no_quotes():
    rows = ["tier,weight,service,rate,why", "gold,<= 5,NEXT DAY,1.5,pays", '"not(""gold"")",,Ground-1,2,', "60601,> 5,x,9,"]
    grid, _ = parse_csv("\n".join(rows))
    table, problems = table_from(grid, INPUTS, OUTPUTS, Policy.FIRST)
    assert problems == ()
    assert table.decide(["gold", 3]).value == {"service": "NEXT DAY", "rate": Decimal("1.5")}
    assert table.decide(["silver", 300]).value == {"service": "Ground-1", "rate": Decimal(2)}
    assert table.decide(["60601", 6]).rows == (1,)
    assert table.decide(["gold", 6]).rows == ()
    assert table.rows[0].notes == ("pays",)


def test_days_and_capital_truths_stand_for_themselves():
    grid, _ = parse_csv("from,open,text,x\n2026-03-02,TRUE,a-1,FALSE\n")
    inputs = [InputSpec("from", DATE), InputSpec("open", BOOLEAN), InputSpec("text", STRING)]
    table, problems = table_from(grid, inputs, [OutputSpec("x", BOOLEAN)])
    assert problems == ()
    assert table.decide([date(2026, 3, 2), True, "a-1"]).value is False


def test_csv_faults_have_line_column_and_offset():
    text = "tier,weight,service,rate\ngold,<= 5,slow,1\nsilver,5 5,slow,\n"
    grid, _ = parse_csv(text)
    table, problems = table_from(grid, INPUTS, OUTPUTS)
    assert table is None
    syntax, empty = problems
    assert (syntax.row, syntax.column, syntax.place) == (1, 1, "line 3")
    assert text[syntax.offset :].startswith("5 5")
    assert (empty.code, empty.row, empty.column, empty.place) == ("E812", 1, 3, "line 3")


def test_xlsx_values_are_feel_values():
    content = workbook(
        ["day", "open", "n", "text", "out"],
        [datetime(2026, 1, 2), True, 0.1, "gold", timedelta(hours=5)],
        [date(2026, 1, 3), False, 3, None, time(10, 30)],
        [None, None, None, None, None],
        ['<= @"2025-12-31"', None, "> 5", 7, datetime(2026, 1, 1, 8)],
    )
    grid, problems = parse_xlsx(content)
    assert grid is not None and problems == ()
    assert texts(grid) == [
        ['@"2026-01-02"', "true", "0.1", "gold", '@"PT5H"'],
        ['@"2026-01-03"', "false", "3", "", '@"10:30:00"'],
        ['<= @"2025-12-31"', "", "> 5", "7", '@"2026-01-01T08:00:00"'],
    ]
    inputs = [InputSpec("day", DATE), InputSpec("open", BOOLEAN), InputSpec("n", NUMBER), InputSpec("text", STRING)]
    table, problems = table_from(grid, inputs, [OutputSpec("out")])
    assert problems == ()
    assert table.decide([Date(2026, 1, 2), True, Decimal("0.1"), "gold"]).rows == (0,)
    assert table.decide([date(2025, 1, 1), None, 6, "7"]).rows == (2,)


def test_xlsx_faults_name_the_cell():
    content = workbook(["a", "b", "x"], [1, 2, 3], [1, "2..", "(1"], [4, 5, 6, "too far"])
    grid, problems = parse_xlsx(content)
    assert [(problem.code, problem.place) for problem in problems] == [("E811", "D4")]
    _, problems = table_from(grid, [InputSpec("a", NUMBER), InputSpec("b", NUMBER)], [OutputSpec("x", NUMBER)])
    assert [problem.place for problem in problems] == ["B3", "C3"]


def test_xlsx_sheet_by_name():
    content = workbook(["a"], second=[["b"], [1]])
    grid, _ = parse_xlsx(content, "other")
    assert grid is not None
    assert texts(grid) == [["1"]]
    _, problems = parse_xlsx(content, "others")
    assert [(problem.code, problem.hint) for problem in problems] == [("E816", "the workbook has: Sheet, other")]


def test_damaged_workbooks_are_a_problem_and_no_error():
    content = workbook(["a", "b"], [1, 2])
    for at in range(0, len(content), 97):
        damaged = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        grid, problems = parse_xlsx(damaged)
        assert (grid is None) <= bool(problems)


def test_what_is_no_workbook():
    for content in (b"", b"a,b\n1,2", b"PK\x03\x04 broken"):
        grid, problems = parse_xlsx(content)
        assert grid is None
        assert [problem.code for problem in problems] == ["E816"]

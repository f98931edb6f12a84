"""Decision tables: rows from text, CSV and sheets; look-ups by index; proofs of gaps and overlaps."""

from orderloom.dsl.tables.arrange import Arranged, arrange
from orderloom.dsl.tables.build import InputSpec, OutputSpec, TableSpec, build
from orderloom.dsl.tables.cell import Cell
from orderloom.dsl.tables.findings import Finding, Search, findings, search
from orderloom.dsl.tables.grid import Grid, TableProblem, Written, WrittenRow
from orderloom.dsl.tables.policies import Policy
from orderloom.dsl.tables.sheets import parse_csv, parse_xlsx
from orderloom.dsl.tables.table import Hit, Input, Output, Result, Row, Table
from orderloom.dsl.tables.text import parse_text, print_text

__all__ = [
    "Arranged", "Cell", "Finding", "Grid", "Hit", "Input", "InputSpec", "Output", "OutputSpec", "Policy", "Result", "Row",
    "Search", "Table", "TableProblem", "TableSpec", "Written", "WrittenRow",
    "arrange", "build", "findings", "parse_csv", "parse_text", "parse_xlsx", "print_text", "search",
]  # fmt: skip

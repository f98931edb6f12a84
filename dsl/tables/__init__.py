"""Decision tables: rows from text, CSV and sheets; look-ups by index; proofs of gaps and overlaps."""

from orderloom.dsl.tables.cell import Cell, Span, point
from orderloom.dsl.tables.policies import Policy
from orderloom.dsl.tables.table import Hit, Input, Output, Result, Row, Table, table_of

__all__ = ["Cell", "Hit", "Input", "Output", "Policy", "Result", "Row", "Span", "Table", "point", "table_of"]

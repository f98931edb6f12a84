"""Names over files, and names that stay: without an editor."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from openpyxl import Workbook

from orderloom.dsl.authoring.renaming import Refused, renamed
from orderloom.dsl.authoring.whole import whole
from orderloom.dsl.compile import compile
from orderloom.dsl.fixes import made
from orderloom.dsl.known import Known
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source

MANIFEST = b"orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
POLICY = """\
kind: sourcing
name: nearest
promise by: retail
candidates: [{ pool: all, nodes: true }]
minimise:
  per shipment:
    distance: distance in miles(node, order.ship_to)
"""
CHOICE = """\
kind: decision
name: sourcing-for-order
hit: first
inputs: { channel: order.channel }
outputs: { sourcing: name of sourcing }
"""
TABLE = 'table: |\n  channel || sourcing\n  "store" || "nearest"\n  -       || "cheapest"\n'
SHEET = "channel,sourcing\nstore,nearest\n-,cheapest\n"
DIVISION = "kind: division\nname: north\noverride:\n  sourcing.nearest.limits.shipments: 3\n"


def after(name: str, books: Mapping[str, bytes] | None = None, /, **files: str) -> dict[str, str] | str:
    """The files after the policy got another name; the reason where it stays."""
    written = {f"rules/{file.replace('_', '.')}": text for file, text in files.items()}
    own = tuple(Source(path, text.encode()) for path, text in {"rules/policy.yaml": POLICY, **written}.items())
    beside = (Source(path, content) for path, content in (books or {}).items())
    sources = (*pack_sources("retail"), Source("orderloom.yaml", MANIFEST), *own, *beside)
    seen = whole(sources, Known())
    assert [each for each in seen.found if each.severity == "error"] == []
    fix = renamed(seen, "rules/policy.yaml", POLICY.index("nearest") + 2, name, lambda each: compile(each).diagnostics)
    if isinstance(fix, Refused):
        return fix.because
    now = {source.path: source.text for source in made(sources, [fix])}
    return {path: now[path] for path in ("rules/policy.yaml", *written)}


def test_a_policy_in_tables_and_in_overrides_of_divisions() -> None:
    assert after("close-by", choice_yaml=CHOICE + TABLE, north_yaml=DIVISION) == {
        "rules/policy.yaml": POLICY.replace("nearest", "close-by"),
        "rules/choice.yaml": CHOICE + TABLE.replace("nearest", "close-by"),
        "rules/north.yaml": DIVISION.replace("nearest", "close-by"),
    }


def test_a_policy_that_a_sheet_names() -> None:
    assert after("close-by", choice_yaml=CHOICE + "file: rows.csv\n", rows_csv=SHEET) == {
        "rules/policy.yaml": POLICY.replace("nearest", "close-by"),
        "rules/choice.yaml": CHOICE + "file: rows.csv\n",
        "rules/rows.csv": SHEET.replace("nearest", "close-by"),
    }


def test_a_name_that_is_taken_or_none_stays() -> None:
    assert after("cheapest", choice_yaml=CHOICE + TABLE) == "there is a sourcing cheapest already"
    assert "cannot be a name" in str(after("2nd", choice_yaml=CHOICE + TABLE))


def test_a_name_in_a_workbook_stays() -> None:
    """Workbooks are read and never written, so the table would name what there is not."""
    book = Workbook()
    for row in SHEET.splitlines():
        book.active.append(row.split(","))
    content = BytesIO()
    book.save(content)
    told = after("close-by", {"rules/rows.xlsx": content.getvalue()}, choice_yaml=CHOICE + "file: rows.xlsx\n")
    assert "it stands where it cannot be changed: rules/rows.xlsx" in str(told)
    assert "there is no sourcing nearest" in str(told)

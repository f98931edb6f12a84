"""A fix takes its finding away and brings no other: for every golden file that has one, and for what is written by hand here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orderloom.dsl.compile import compile
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fixes import fix_of, holds, repaired
from orderloom.dsl.known import Known
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source

FOLDER = Path(__file__).parents[1] / "golden" / "diagnostics"
MANIFEST = b"orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
KNOWN = Known()

#: Golden files that have a second fault, which lies hidden behind the first: nobody but their author says what is meant.
SECOND_FAULT = {
    "E014-comma-is-missing", "E018-control-character", "E103-list-where-an-expression-is-needed",
    "E204-a-character-has-no-meaning", "E402-override-with-an-unknown-field", "E410-several-mistakes",
    "E415-a-disposition-is-misspelt", "E418-a-pack-is-not-known",
    "E501-the-step-that-it-would-lead-to", "E507-a-way-stands-behind-otherwise", "E559-there-is-no-such-process",
    "E663-a-range-that-ends-before-it-begins", "E681-components-without-an-item", "E814-an-interval-is-empty",
    "W822-null-in-one-of-two-columns",
}  # fmt: skip


def told(sources: tuple[Source, ...]) -> tuple[Diagnostic, ...]:
    return compile(sources, KNOWN).diagnostics


def workspace(path: Path) -> tuple[Source, ...]:
    content = path.read_bytes()
    own = content.startswith(b"orderloom:")
    manifest = Source("orderloom.yaml", content if own else MANIFEST)
    beside = [Source(f"rules/{p.name}", p.read_bytes()) for p in FOLDER.glob(f"{path.stem}.*") if p.suffix in (".csv", ".xlsx")]
    processes = (source for source in pack_sources("retail") if "process-selection" not in source.path)
    packs = pack_sources("retail") if b"packs:" in manifest.content else processes
    return (*packs, manifest, *([] if own else [Source(f"rules/{path.stem}.yaml", content)]), *beside)


FAMILIES = ("E0", "E1", "E[23]", "E4", "E[5-7]", "[E][89]", "W")  #: files by the beginning of their code


@pytest.mark.parametrize("family", FAMILIES)
def test_a_fix_takes_its_finding_away_and_brings_no_other(family: str) -> None:
    refused: set[str] = set()
    for path in sorted(FOLDER.glob(f"{family}*.yaml")):
        if path.stem.startswith(("E004", "E010", "E012")):
            continue
        sources = workspace(path)
        found = told(sources)
        pairs = [(each, fix) for each in found if (fix := fix_of(each))]
        if any(not holds(fix, finding, sources, found, told) for finding, fix in pairs):
            refused.add(path.stem)
    assert refused == {stem for stem in SECOND_FAULT if re.match(family, stem)}, "see SECOND_FAULT"


#: What is written, and what is left after its fix.
WRITTEN = {
    "value: order.total == 5": "value: order.total = 5",
    "value: order.total <> 5": "value: order.total != 5",
    "value: order.total => 5": "value: order.total >= 5",
    "value: order.total > 5 && order.total < 9": "value: order.total > 5 and order.total < 9",
    "value: order.total > 5 || order.total < 3": "value: order.total > 5 or order.total < 3",
    "value: order.channel = 'web'": 'value: order.channel = "web"',
    "value: order.channel = “web”": 'value: order.channel = "web"',
    "value: order.total ^ 2": "value: order.total ** 2",
    "value: order.total;": "value: order.total",
    "value: order.total > $5": "value: order.total > 5",
    "value: (order.total + 1))": "value: (order.total + 1)",
    "value: '(order.total + 1'": "value: '(order.total + 1)'",
    'value: order.placed_at > "2026-03-02"': 'value: order.placed_at > @"2026-03-02"',
    "value: order.lines[0]": "value: order.lines[1]",
    "value: toUpperCase(order.channel)": "value: upper case(order.channel)",
    "value: order.channel = web": 'value: order.channel = "web"',
    "value: order.channel = hand-over": 'value: order.channel = "hand-over"',
    "value: order.channel = call-line-two or order.total > 5": 'value: order.channel = "call-line-two" or order.total > 5',
}


#: The same of files as a whole: the last lines of a workspace's only file of its own.
FILES = {
    "kind: calendar\ntimezone: UTC\nhours: { mon: closed }": "kind: calendar\nname: a\ntimezone: UTC\nhours: { mon: closed }",
    "name: b\ntimezone: UTC\nhours: { mon: 08:00-17:00 }": "kind: calendar\nname: b\ntimezone: UTC\nhours: { mon: 08:00-17:00 }",
    "kind: calendar\nname: a\ntimezone: UTC\nhours: { Monday - Friday: 8-17 }": (
        "kind: calendar\nname: a\ntimezone: UTC\nhours: { mon-fri: 08:00-17:00 }"
    ),
    "kind: calendar\nname: a\ntimezone: UTC\nhours:\n\tmon: 08:00-17:00 # early\n\ttue: closed": (
        "kind: calendar\nname: a\ntimezone: UTC\nhours:\n  mon: 08:00-17:00 # early\n  tue: closed"
    ),
    "kind: calendar\nname: a\nname: a\ntimezone: UTC\nhours: { mon: closed }": (
        "kind: calendar\nname: a\ntimezone: UTC\nhours: { mon: closed }"
    ),
    "kind: calendar\nname: my hours\ntimezone: UTC\nhours: { mon: closed }": (
        "kind: calendar\nname: my-hours\ntimezone: UTC\nhours: { mon: closed }"
    ),
    "kind: process\nname: a\nfor: fulfillment\nsteps:\n"
    "  - { step: one, do: ship, retry: { times: 3, every: 2 hours } }\n  - { step: done, end: done }": (
        "kind: process\nname: a\nfor: fulfillment\nsteps:\n"
        "  - { step: one, do: ship, retry: { times: 3, every: PT2H } }\n  - { step: done, end: done }"
    ),
}


def checked(text: str) -> tuple[str, list[str]]:
    """A file after its repair, and the errors that are left."""
    sources = (*pack_sources("retail"), Source("orderloom.yaml", MANIFEST), Source("rules/a.yaml", f"{text}\n".encode()))
    after = repaired(sources, told)
    return after.sources[-1].text.rstrip("\n"), [str(each) for each in after.left if each.severity == "error"]


@pytest.mark.parametrize("written", WRITTEN)
def test_expressions_of_other_languages(written: str) -> None:
    assert checked(f"kind: decision\nname: a\n{written}") == (f"kind: decision\nname: a\n{WRITTEN[written]}", [])


@pytest.mark.parametrize("value", ["order.total-hand", "order.channel = order-hand.over", "now-lin > 5"])
def test_a_part_of_words_with_hyphens_is_not_put_right_alone(value: str) -> None:
    text = f"kind: decision\nname: a\nvalue: {value}"
    after, left = checked(text)
    assert after == text and left


@pytest.mark.parametrize("written", FILES)
def test_files(written: str) -> None:
    assert checked(written) == (FILES[written], [])


@pytest.mark.parametrize("word", ["monthly", "wedding", "sunrise - sunset", "sat to monthly", "mo"])
def test_a_word_that_only_begins_like_a_day_is_none(word: str) -> None:
    text = f'kind: calendar\nname: a\ntimezone: UTC\nhours: {{ {word}: "09:00-17:00" }}\n'.encode()
    own = (Source("orderloom.yaml", MANIFEST), *pack_sources("retail"), Source("rules/a.yaml", text))
    assert [each.code for each in told(own) if each.span.path == "rules/a.yaml"] == ["E110"]
    assert repaired(own, told).sources[-1].content == text


@pytest.mark.parametrize(("word", "days"), [("Thurs", "thu"), ("MONDAY", "mon"), ("tues to Saturday", "tue-sat")])
def test_days_are_known_by_their_names_and_beginnings_of_them(word: str, days: str) -> None:
    text = 'kind: calendar\nname: a\ntimezone: UTC\nhours: {{ {}: "09:00-17:00" }}\n'
    own = (Source("orderloom.yaml", MANIFEST), *pack_sources("retail"), Source("rules/a.yaml", text.format(word).encode()))
    assert repaired(own, told).sources[-1].content == text.format(days).encode()


def test_what_nothing_uses_is_not_deleted_unasked() -> None:
    text = "kind: decision\nname: a\nvalue: 1\n---\nkind: decision\nname: b\nvalue: 2"
    assert checked(text)[0] == text


def test_a_file_keeps_its_mark_its_line_ends_and_its_comments() -> None:
    content = b"\xef\xbb\xbfkind: decision # one\r\nname: a\r\nvalue: order.totl # two\r\n"
    sources = (*pack_sources("retail"), Source("orderloom.yaml", MANIFEST), Source("rules/a.yaml", content))
    assert repaired(sources, told).sources[-1].content == content.replace(b"totl", b"total")


def test_packs_are_left_alone() -> None:
    broken = tuple(
        Source(s.path, s.content.replace(b"do: ship", b"do: shipp"), s.pack) if "ship-to-customer" in s.path else s
        for s in (*pack_sources("retail"), Source("orderloom.yaml", MANIFEST))
    )
    assert any(each.code == "E411" for each in told(broken))
    assert repaired(broken, told).done == ()

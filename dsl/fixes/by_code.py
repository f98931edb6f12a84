"""The fix of a finding: by its code where that has one of its own, else what its hint says was meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import structs

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fixes import entries, formulas, texts, values
from orderloom.dsl.fixes.fix import Fix, replacing
from orderloom.dsl.fixes.places import scalar_at
from orderloom.dsl.source import Span
from orderloom.dsl.suggest import is_slip

Maker = Callable[[Diagnostic], Fix | None]

_MEANT = re.compile(r"did you mean (.+)\?$")
_AS_A_ROLE = re.compile(r"as a role it is ([\w-]+)$")


def fix_of(found: Diagnostic) -> Fix | None:
    """What its author would most likely write; None where that is his to say. Of what a pack says nothing is changed."""
    if found.span.source.pack is not None:
        return None
    return _meant(found) or (MAKERS[found.code](found) if found.code in MAKERS else None)


def _meant(found: Diagnostic) -> Fix | None:
    """The word that the hint has in place of the one that was written, in its quotes; made unasked only where that is a slip."""
    meant = _MEANT.search(found.hint) or _AS_A_ROLE.search(found.hint)
    if meant is None or not found.span.text or "\n" in found.span.text or formulas.is_part(found):
        return None
    span = _written(found)
    fix = replacing(span, meant[1])
    return fix if fix is None or is_slip(span.text, meant[1]) else structs.replace(fix, loses=True)


def _written(found: Diagnostic) -> Span:
    """What stands in the place of what was meant: of an address all of it, of several words the one that is told of."""
    span, source = found.span, found.span.source
    if found.code == "E900" and (address := scalar_at(source, span.start)) is not None:
        return address.span
    told = found.message.removesuffix(" here")
    word = told.rpartition(" ")[2]
    if not told.endswith(span.text) and span.text.count(word) == 1:
        start = span.start + span.text.index(word)
        return Span(source, start, start + len(word))
    if span.text[0] in "'\"" and span.text[-1] == span.text[0] and len(span.text) > 1:
        return Span(source, span.start + 1, span.end - 1)
    return span


#: Codes with a fix that does not stand in their hint.
MAKERS: Mapping[str, Maker] = {
    "E005": texts.no_yaml,
    "E006": texts.tabs,
    "E007": texts.twice,
    "E009": texts.tag,
    "E013": texts.quote_part,
    "E014": texts.colon,
    "E015": texts.quote_line,
    "E016": texts.quote_line,
    "E017": texts.quote_line,
    "E018": texts.control,
    "E020": texts.separator,
    "W001": texts.quote_line,
    "E102": entries.missing,
    "E103": values.wrong_type,
    "E106": entries.kind,
    "E107": values.unknown_word,
    "E108": values.name,
    "E109": values.duration,
    "E110": values.day,
    "E201": formulas.operator,
    "E202": formulas.operator,
    "E203": formulas.open_text,
    "E204": formulas.sign,
    "E205": formulas.bracket,
    "E302": formulas.comparison,
    "E308": formulas.first_item,
    "E401": formulas.text,
    "E404": formulas.function,
    "E501": entries.way_out,
    "E507": entries.last,
    "E514": entries.not_taken,
    "E540": entries.delete,
    "E553": values.every_branch,
    "E654": entries.delete,
    "E663": values.turned_range,
    "E692": entries.delete,
    "E702": entries.verb,
    "E812": formulas.cell,
    "E814": values.interval,
    "E842": values.currency,
    "E852": entries.delete,
    "E866": entries.delete,
    "E903": entries.named_twice,
    "W410": entries.unused,
    "W411": entries.unused,
    "W412": entries.unused,
    "W413": entries.unused,
    "W414": entries.unused,
    "W880": entries.unused,
    "W900": entries.unused,
}

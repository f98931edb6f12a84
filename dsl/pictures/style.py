"""How a picture looks, on light and on dark ground. Every rule is bound to `.process`, so a page around it keeps its looks."""

from __future__ import annotations

_LIGHT = {
    "text": 'font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#1c2430',
    ".ground": "fill:#fff",
    ".lane": "fill:#f5f7fa",
    ".lane.even": "fill:#edf1f6",
    ".head": "font-weight:600;font-size:12px;fill:#4a5668;text-anchor:middle",
    ".frame": "fill:#dfe7f1;fill-opacity:.55;stroke:#9aa9bd;stroke-width:1;stroke-dasharray:2 3",
    ".frame-name": "font-size:10px;fill:#4a5668",
    ".box": "fill:#fff;stroke:#7b8aa0;stroke-width:1.2",
    ".name": "font-weight:600;text-anchor:middle",
    ".detail": "font-size:11px;fill:#4a5668;text-anchor:middle",
    ".status": "font-size:11px;fill:#4a5668;text-anchor:middle;font-style:italic",
    ".main .box": "stroke:#1f6feb;stroke-width:1.8",
    ".raise .box": "stroke:#c2410c;stroke-dasharray:5 3",
    ".end .box": "fill:#e6f4ea;stroke:#2e7d4f",
    ".arrow": "fill:none;stroke:#7b8aa0;stroke-width:1.3",
    ".arrow.main": "stroke:#1f6feb;stroke-width:1.8",
    ".tip": "fill:#7b8aa0",
    ".tip.main": "fill:#1f6feb",
    ".label": "font-size:11px;fill:#2f3a4a",
    ".visited .box": "fill:#dbeafe",
    ".current .box": "fill:#fde68a;stroke:#b45309;stroke-width:2.6",
    ".faded": "opacity:.45",
}

_DARK = {
    "text": "fill:#e6ebf2",
    ".ground": "fill:#12161c",
    ".lane": "fill:#181e26",
    ".lane.even": "fill:#1e252f",
    ".head": "fill:#a9b6c6",
    ".frame": "fill:#2a3644;stroke:#64748b",
    ".frame-name": "fill:#a9b6c6",
    ".box": "fill:#232c38;stroke:#8796ab",
    ".detail": "fill:#a9b6c6",
    ".status": "fill:#a9b6c6",
    ".main .box": "stroke:#6ea8fe",
    ".raise .box": "stroke:#fb923c",
    ".end .box": "fill:#1d3a2a;stroke:#5cb885",
    ".arrow": "stroke:#8796ab",
    ".arrow.main": "stroke:#6ea8fe",
    ".tip": "fill:#8796ab",
    ".tip.main": "fill:#6ea8fe",
    ".label": "fill:#cdd6e2",
    ".visited .box": "fill:#1e3a5f",
    ".current .box": "fill:#5c4408;stroke:#fbbf24",
}


def _rules(looks: dict[str, str]) -> str:
    return "".join(f".process {selector}{{{look}}}" for selector, look in looks.items())


STYLE = f"{_rules(_LIGHT)}@media screen and (prefers-color-scheme:dark){{{_rules(_DARK)}}}"

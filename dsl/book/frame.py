"""What every page has: head, search and style; and the files that stand beside the pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape


def text(words: str) -> str:
    """Words as HTML."""
    return escape(words, quote=True)


def prose(words: str) -> str:
    """A sentence as HTML, with what stands between `backticks` as code."""
    parts = text(words).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))


def page(title: str, body: str, up: str, home: str) -> str:
    """A whole page, which is XML as well; `up` leads from it to the folder of the book."""
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="en"><head><meta charset="utf-8"/><title>{text(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f'<link rel="stylesheet" href="{up}orderloom-book.css"/></head>\n<body data-up="{up}">'
        f'<header><a href="{up}index.html">{text(home)}</a> <input id="search" type="search" placeholder="Search" '
        'aria-label="Search the book" autocomplete="off"/><ul id="found"></ul></header>\n'
        f"<main>{body}</main>\n"
        f'<script src="{up}index.js"></script><script src="{up}search.js"></script></body></html>\n'
    )


def index(entries: Iterable[Mapping[str, str]]) -> str:
    """What the search looks through, as a script: a page from a disk may not read other files."""
    return "const BOOK = " + json.dumps(list(entries), ensure_ascii=True, indent=0).replace("<", "\\u003c") + ";\n"


SEARCH = """'use strict';
const field = document.getElementById('search');
const found = document.getElementById('found');
const up = document.body.dataset.up;

function rank(entry, words) {
  const name = entry.name.toLowerCase();
  const all = name + ' ' + entry.title.toLowerCase() + ' ' + entry.kind;
  if (!words.every((word) => all.includes(word))) return -1;
  return name === words.join(' ') ? 3 : name.startsWith(words[0]) ? 2 : name.includes(words[0]) ? 1 : 0;
}

function look() {
  const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const hits = words.length ? BOOK.map((entry) => [rank(entry, words), entry]).filter(([at]) => at >= 0) : [];
  hits.sort((a, b) => b[0] - a[0]);
  found.replaceChildren(...hits.slice(0, 20).map(([, entry]) => {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = up + entry.page;
    link.textContent = entry.name + (entry.title === entry.name ? '' : ': ' + entry.title);
    const kind = document.createElement('small');
    kind.textContent = ' ' + entry.kind;
    item.append(link, kind);
    return item;
  }));
}

field.addEventListener('input', look);
field.addEventListener('keydown', (event) => {
  const first = found.querySelector('a');
  if (event.key === 'Enter' && first) location.href = first.href;
  if (event.key === 'Escape') { field.value = ''; look(); }
});
"""

CSS = """:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;margin:0;color:#1c2430;background:#fff}
header{position:sticky;top:0;background:#f5f7fa;padding:8px 24px;border-bottom:1px solid #d5dde8}
header input{margin-left:16px;padding:4px 8px;width:20em}
#found{list-style:none;margin:4px 0 0;padding:0}
main{padding:8px 24px 48px}
h1 small{font-weight:400;font-size:15px;color:#4a5668}
a{color:#1f6feb;text-decoration:none}a:hover{text-decoration:underline}
code,pre{font:13px/1.5 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{background:#f5f7fa;padding:12px;overflow-x:auto}
table{border-collapse:collapse;margin:8px 0}
th,td{border:1px solid #c6d0dd;padding:3px 10px;text-align:left;vertical-align:top}
th{background:#edf1f6}th.out{background:#e6f4ea}
dt{margin-top:8px}dd{margin-left:24px}dd ul{margin:0}
.doc,.place{color:#4a5668;font-size:13px}
.picture{overflow-x:auto}
.columns{columns:18em}
@media screen and (prefers-color-scheme:dark){body{color:#e6ebf2;background:#12161c}header,pre{background:#181e26}
th{background:#1e252f}th.out{background:#1d3a2a}a{color:#6ea8fe}.doc,.place,h1 small{color:#a9b6c6}
header,th,td{border-color:#3a4655}}
@media print{header{display:none}a{color:inherit}.picture svg{max-width:100%;height:auto}section{break-inside:avoid}}
"""

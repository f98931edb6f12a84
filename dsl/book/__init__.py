"""A workspace as a book: static pages that open from a disk, every name a link, with a search that needs no server.

The way of a workspace through this package: `things` lists what it defines, `mentions` finds where one names another, `words`
says what each key means, `pages` draws a page for each, `frame` is what every page has, `make` puts them together.
"""

from orderloom.dsl.book.make import book

__all__ = ["book"]

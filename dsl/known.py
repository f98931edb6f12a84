"""What is known of a workspace that is compiled again and again, so that only what is another is read anew."""

from __future__ import annotations

from collections.abc import Iterable

from orderloom.dsl.documents import Page
from orderloom.dsl.feel.memo import Memo
from orderloom.dsl.source import Source


class Known:
    """The documents of files, and what expressions were understood to say."""

    def __init__(self) -> None:
        self.pages: dict[Source, Page] = {}
        self.memo = Memo()

    def turn(self, sources: Iterable[Source]) -> None:
        """Forgets what is of no file any more."""
        self.memo.turn()
        self.pages = {source: self.pages[source] for source in sources if source in self.pages}

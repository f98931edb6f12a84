"""One style for every file: what `orderloom fmt` writes."""

from orderloom.dsl.formatting.style import formatted

__all__ = ["formatted"]

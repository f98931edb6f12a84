"""What others say, as it can be kept: adapters, expressions and databases may say anything."""

from __future__ import annotations


def storable(text: str) -> str:
    """The text as every store takes it: without NUL, and without halves of characters."""
    return text.encode(errors="replace").decode().replace("\0", "")


def acting(role: str, by: str) -> str:
    """Who did something, in which role; each where it is known."""
    return f"{role} {by}".strip()


def in_words(fault: BaseException) -> str:
    """A failure by the name of its exception and what that says."""
    return f"{type(fault).__name__}: {storable(str(fault))}"

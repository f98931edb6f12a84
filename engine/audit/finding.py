"""What an audit finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A law that does not hold, of what, and how it stands."""

    law: str
    subject: str
    because: str

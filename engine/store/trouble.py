"""What a database says of itself when it cannot do what is asked: it is away, locked, full, damaged, or lets us not."""

from __future__ import annotations

from sqlite3 import SQLITE_CORRUPT, SQLITE_NOTADB

from sqlalchemy.exc import DBAPIError, InternalError, OperationalError


class Moved(Exception):
    """The store has moved to another database while it was open; nothing was written."""


#: Classes of PostgreSQL's codes, and codes, that tell of the database or of rights in it, and of no statement of ours.
_OF_THE_SERVER = ("08", "25006", "25P03", "26", "28", "3D", "42501", "53", "55", "57", "58", "XX")
_OF_THE_FILE = (SQLITE_CORRUPT, SQLITE_NOTADB)


def trouble(fault: BaseException) -> str | None:
    """What the database says, in one line; None where the fault is ours."""
    if isinstance(fault, Moved):
        return str(fault)
    if not isinstance(fault, DBAPIError):
        return None
    code = str(getattr(fault.orig, "sqlstate", None) or "")
    file_code = getattr(fault.orig, "sqlite_errorcode", 0) & 0xFF
    if isinstance(fault, (OperationalError, InternalError)) or code.startswith(_OF_THE_SERVER) or file_code in _OF_THE_FILE:
        return one_line(fault)
    return None


def one_line(fault: DBAPIError) -> str:
    """What the driver says, in one line."""
    return " ".join(str(fault.orig).split())

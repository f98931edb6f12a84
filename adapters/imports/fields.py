"""The values of one record, taken out by name and type; what is wrong with them gathers as reasons in business words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from orderloom.dsl.feel.types import BOOLEAN, DATE, DATE_TIME, NUMBER, STRING, TIME, ListType, Simple, Type

MOST = Decimal(10) ** 9  #: no quantity is larger
DIGITS = 30  #: no number has more, before or after the point
LAST_YEAR = 8999  #: so that no date that is reckoned with leaves the calendar
LONGEST_ID = 200  #: characters of what names something; the keys of databases are no longer
_TRUTH = {"1": True, "true": True, "0": False, "false": False}


class Fields(Struct):
    """One record, or a part of it whose place `where` names; parts share their record's problems, unknown and missing names."""

    values: Mapping[str, object]
    where: str = ""
    problems: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)

    def problem(self, reason: str) -> None:
        self.problems.append(f"{self.where}: {reason}" if self.where else reason)

    def raw(self, name: str) -> object:
        """The value as it stands; None where it is missing or empty."""
        self.taken.add(name)
        value = self.values.get(name)
        return None if value == "" else value

    def value(self, name: str, kind: Type, needed: bool = False) -> object:
        """The value in its type; None, with a problem, where it is of another."""
        value = self.raw(name)
        if value is None:
            if needed:
                self.missing.add(name)
                self.problem(f"{name} is missing" + (f": {words_for(kind)}" if kind == DATE_TIME else ""))
            return None
        found = converted(value, kind)
        if found is None:
            self.problem(f"{name} must be {words_for(kind)}, not {_shown(value)}")
        if isinstance(found, Decimal) and not _fits(found):
            self.problem(f"{name} is {_shown(value)}; no number may have more than {DIGITS} digits before or after the point")
            return None
        if isinstance(found, str) and "\0" in found:
            self.problem(f"{name} contains a NUL character")
            return None
        return found

    def text(self, name: str) -> str | None:
        """A text that may be missing."""
        found = self.value(name, STRING)
        return found if isinstance(found, str) else None

    def needed(self, name: str) -> str:
        """What names something and must be there; empty, with a problem, where it is not."""
        return self.id(name, needed=True) or ""

    def id(self, name: str, needed: bool = False) -> str | None:
        """What names something; no longer than a key may be."""
        found = self.value(name, STRING, needed)
        if not isinstance(found, str):
            return None
        if len(found) > LONGEST_ID:
            self.problem(f"{name} has {len(found):,} characters; more than {LONGEST_ID} cannot be taken")
        return found

    def amount(self, name: str, needed: bool = False) -> Decimal | None:
        """An exact decimal."""
        found = self.value(name, NUMBER, needed)
        return found if isinstance(found, Decimal) else None

    def truth(self, name: str) -> bool:
        """Whether it is said to be so."""
        return self.value(name, BOOLEAN) is True

    def degrees(self, name: str, most: int) -> Decimal | None:
        """An angle that goes so far to either side."""
        found = self.amount(name)
        if found is not None and abs(found) > most:
            self.problem(f"{name} must be from -{most} to {most} degrees, not {found}")
            return None
        return found

    def count(self, name: str, least: int, needed: bool = False, most: Decimal = MOST) -> int:
        """A whole number from `least` to `most`; `least`, where it is missing or with a problem where it is not one."""
        found = self.amount(name, needed)
        if found is None:
            return least
        if found > most:
            self.problem(f"{name} is {_shown(self.raw(name))}; more than {most:,} cannot be taken")
            return least
        if found < least or found % 1:
            self.problem(f"{name} must be a whole number, {least} or more, not {_shown(self.raw(name))}")
            return least
        return int(found)

    def day(self, name: str, needed: bool = False) -> date | None:
        """A date."""
        found = self.value(name, DATE, needed)
        day = date.fromisoformat(found) if isinstance(found, str) else None
        if day is not None and day.year > LAST_YEAR:
            self.problem(f"{name} is {_shown(found)}; nothing is dated after {LAST_YEAR}")
            return None
        return day

    def moment(self, name: str, zone: ZoneInfo) -> datetime:
        """A moment in UTC, needed; without a time zone of its own it is in `zone`."""
        found = self.value(name, DATE_TIME, needed=True)
        if not isinstance(found, str):
            return datetime.min.replace(tzinfo=UTC)
        moment = datetime.fromisoformat(found)
        if moment.year > LAST_YEAR:
            self.problem(f"{name} is {_shown(found)}; nothing is dated after {LAST_YEAR}")
            return datetime.min.replace(tzinfo=UTC)
        try:
            return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
        except OverflowError:
            self.problem(f"{name} is out of the calendar")
            return datetime.min.replace(tzinfo=UTC)

    def moment_by(self, name: str, zone: ZoneInfo, now: datetime) -> datetime:
        """A moment that is not in the future; `now`, where it is missing."""
        found = now if self.raw(name) is None else self.moment(name, zone)
        if found > now:
            self.problem(f"{name} is in the future: {_shown(self.raw(name))}")
        return found

    def part(self, name: str) -> Fields | None:
        """A nested record; None where it is missing or, with a problem, where it is not one."""
        value = self.raw(name)
        return None if value is None else self._part(value, name)

    def parts(self, name: str, singular: str) -> list[Fields]:
        """A list of nested records, each placed by its number."""
        value = self.raw(name)
        if value is None or value == []:
            self.problem(f"{name} are missing")
            return []
        entries = value if isinstance(value, list) else [value]
        found = [self._part(entry, f"{singular} {number}") for number, entry in enumerate(entries, 1)]
        return [part for part in found if part is not None]

    def _part(self, value: object, where: str) -> Fields | None:
        if isinstance(value, dict):
            return Fields(value, where, self.problems, self.unknown, self.missing)
        self.problem(f"{where} must be an object, not {_shown(value)}")
        return None

    def attributes(self, kinds: Mapping[str, Type] | None) -> dict[str, object]:
        """The workspace's own fields that are present."""
        found = {name: self.value(name, kind) for name, kind in (kinds or {}).items()}
        return {name: value for name, value in found.items() if value is not None}

    def done(self, entity: str) -> None:
        """Notes every name that nobody took as unknown."""
        self.unknown |= {f"{entity}.{name}" if entity else name for name in self.values if name not in self.taken}


def converted(value: object, kind: Type) -> object:
    """The value in its type, dates and times as ISO text; None where it is of another type."""
    if isinstance(kind, ListType):
        return _list(value, kind.of)
    name = kind.name if isinstance(kind, Simple) else ""
    convert = _BY_NAME.get(name)
    found = convert(value) if convert else value
    return None if isinstance(kind, Simple) and kind.values and found not in kind.values else found


def words_for(kind: Type) -> str:
    """The type in words that follow `must be`."""
    if isinstance(kind, ListType):
        return f"a list, each {words_for(kind.of)}"
    if isinstance(kind, Simple) and kind.values:
        return "one of " + ", ".join(map(str, kind.values))
    return _WORDS.get(str(kind), f"a {kind}")


def _list(value: object, of: Type) -> object:
    entries: Sequence[object] = value.split("|") if isinstance(value, str) else value if isinstance(value, list) else [None]
    found = [converted(entry, of) for entry in entries]
    return None if None in found else found


def _text(value: object) -> object:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _fits(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -DIGITS and number.adjusted() < DIGITS


def _boolean(value: object) -> object:
    return value if isinstance(value, bool) else _TRUTH.get(str(value).lower())


def _iso(parse: Callable[[str], object]) -> Callable[[object], object]:
    def convert(value: object) -> object:
        try:
            parse(value if isinstance(value, str) else "")
        except ValueError:
            return None
        return value

    return convert


_BY_NAME: Mapping[str, Callable[[object], object]] = {
    STRING.name: _text,
    NUMBER.name: _number,
    BOOLEAN.name: _boolean,
    DATE.name: _iso(date.fromisoformat),
    TIME.name: _iso(time.fromisoformat),
    DATE_TIME.name: _iso(datetime.fromisoformat),
}
_WORDS: Mapping[str, str] = {
    STRING.name: "a text",
    NUMBER.name: "a number",
    BOOLEAN.name: "true or false",
    DATE.name: "a date such as 2026-03-31",
    TIME.name: "a time such as 16:00",
    DATE_TIME.name: "a moment such as 2026-03-31T09:30:00Z",
}


def _shown(value: object) -> str:
    text = repr(str(value)) if isinstance(value, (str, Decimal)) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."

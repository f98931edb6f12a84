"""Built-in functions of lists. Positions count from 1, from the end when negative."""

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from orderloom.dsl.feel.arithmetic import CONTEXT
from orderloom.dsl.feel.compare import PLAIN, equal, less
from orderloom.dsl.feel.durations import DaysDuration, MonthsDuration
from orderloom.dsl.feel.invoke import invoke
from orderloom.dsl.feel.limits import ITEMS, Exhausted, Meter, bounded
from orderloom.dsl.feel.operators import add, divide
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.signature import built_in
from orderloom.dsl.feel.values import from_python

Items = list[Any]


def contains(items: Items, element: object) -> bool:
    return any(equal(item, element) is True for item in items)


def index_of(items: Items, match: object) -> Items:
    return [Decimal(i) for i, item in enumerate(items, 1) if equal(item, match) is True]


def distinct(items: Items) -> Items:
    """The items, each once: plain ones are found by their hash, the others by comparing each with each."""
    kept: Items = []
    others: Items = []
    plain: set[tuple[type, object]] = set()
    meter = Meter()
    for item in map(from_python, items):
        key = (type(item), item) if type(item) in PLAIN or item is None else None
        if key is None:
            meter.spend(1 + len(others))
        if key in plain or (key is None and contains(others, item)):
            continue
        kept.append(item)
        plain.add(key) if key else others.append(item)
    return kept


def concatenate(*lists: Items) -> Items:
    return bounded([item for items in lists for item in items])


def union(*lists: Items) -> Items:
    return distinct(concatenate(*lists))


def flatten(items: Items) -> Items:
    """All items of lists in lists, in order."""
    flat: Items = []
    stack = [iter(items)]
    steps = 0
    while stack:
        for item in stack[-1]:
            steps += 1
            if steps > ITEMS:
                raise Exhausted("a list grew too long")
            if isinstance(item, list | tuple):
                stack.append(iter(item))
                break
            flat.append(item)
        else:
            stack.pop()
    return flat


def sublist(items: Items, start: Decimal, length: Decimal | None = None) -> Items | None:
    first = int(start)
    if first == 0 or abs(first) > len(items) or (length is not None and length < 0):
        return None
    begin = first - 1 if first > 0 else len(items) + first
    if length is not None and begin + length > len(items):
        return None
    return items[begin:] if length is None else items[begin : begin + int(length)]


def _index(items: Items, position: Decimal) -> int | None:
    """The Python index of a position, its fraction cut; None outside the list."""
    place = int(position)
    if place == 0 or abs(place) > len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


def insert_before(items: Items, position: Decimal, new: object) -> Items | None:
    index = _index(items, position)
    return None if index is None else bounded([*items[:index], new, *items[index:]])


def remove(items: Items, position: Decimal) -> Items | None:
    index = _index(items, position)
    return None if index is None else [*items[:index], *items[index + 1 :]]


def replace_at(items: Items, position: Decimal, new: object) -> Items | None:
    index = _index(items, position)
    return None if index is None else [*items[:index], new, *items[index + 1 :]]


def replace_matching(items: Items, match: Function, new: object) -> Items | None:
    """Each item for which `match(item, new)` is true replaced; null when an answer is no boolean."""
    answers = [invoke(match, (item, new)) for item in items]
    if not all(isinstance(answer, bool) for answer in answers):
        return None
    return [new if answer else item for item, answer in zip(items, answers, strict=True)]


def list_replace(items: Items, place: object, new: object) -> Items | None:
    place = from_python(place)
    if isinstance(place, Function):
        return replace_matching(items, place, new)
    return replace_at(items, place, new) if isinstance(place, Decimal) else None


def sort(items: Items, precedes: Function) -> Items | None:
    """Stable; null when `precedes(a, b)` does not answer a boolean."""
    unclear = []

    def order(a: object, b: object) -> int:
        if invoke(precedes, (a, b)) is True:
            return -1
        back = invoke(precedes, (b, a))
        if not isinstance(back, bool):
            unclear.append(back)
        return 1 if back is True else 0

    ordered = sorted(items, key=cmp_to_key(order))
    return None if unclear else ordered


# -- aggregates: of one list, or of values given one by one ------------------------------------------------------------


def _extreme(precedes: Callable[[object, object], bool | None]) -> Callable[[Items], object]:
    def choose(items: Items) -> object:
        best = from_python(items[0]) if items else None
        for item in items[1:]:
            first = precedes(item, best)
            if first is None:
                return None
            best = from_python(item) if first else best
        return best if not items or less(best, best) is not None else None

    return choose


def numbers_of(items: Items) -> list[Decimal] | None:
    """The items as numbers; None when one is not, or when there is none."""
    numbers = [from_python(item) for item in items]
    return numbers if numbers and all(isinstance(item, Decimal) for item in numbers) else None  # type: ignore[return-value]


def total(items: Items) -> object:
    """The sum of numbers or of durations of one kind; null when there is none."""
    if not items or not isinstance(from_python(items[0]), Decimal | DaysDuration | MonthsDuration):
        return None
    result: object = from_python(items[0])
    for item in items[1:]:
        result = add(result, item)
    return result


def mean(items: Items) -> object:
    return divide(total(items), Decimal(len(items)))


def product(items: Items) -> Decimal | None:
    numbers = numbers_of(items)
    result = Decimal(1)
    for number in numbers or ():
        result *= number
    return result if numbers else None


def median(items: Items) -> Decimal | None:
    numbers = sorted(numbers_of(items) or [])
    if not numbers:
        return None
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else (numbers[middle - 1] + numbers[middle]) / 2


def stddev(items: Items) -> Decimal | None:
    """The standard deviation of a sample."""
    numbers = numbers_of(items)
    if not numbers or len(numbers) < 2:
        return None
    average = sum(numbers, Decimal(0)) / len(numbers)
    squares = sum(((number - average) ** 2 for number in numbers), Decimal(0))
    return CONTEXT.sqrt(squares / (len(numbers) - 1))


def mode(items: Items) -> Items | None:
    """The most frequent numbers, ascending."""
    if not items:
        return []
    numbers = numbers_of(items)
    if numbers is None:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    return sorted(number for number, count in counts.items() if count == max(counts.values()))


def every(items: Items) -> bool | None:
    """False when one is false, true when all are true, else null."""
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


def some(items: Items) -> bool | None:
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


def _aggregate(name: str, result: str, call: Callable[[Items], object], doc: str) -> tuple[Function, Function]:
    return (
        built_in(f"{name}(list: list): {result}", call, doc),
        built_in(f"{name}(item: Any...): {result}", lambda *items: call(list(items)) if items else None, doc),
    )


ROWS: tuple[Function, ...] = (
    built_in("list contains(list: list, element: Any): boolean", contains, "whether an item equals the element"),
    built_in("count(list: list): number", lambda items: Decimal(len(items)), "the number of items"),
    built_in("sublist(list: list, start position: number, length?: number): list", sublist, "a part of a list"),
    built_in("append(list: list, item: Any...): list", lambda items, *new: bounded([*items, *new]), "items added at the end"),
    built_in("concatenate(list: list...): list", concatenate, "lists one after the other"),
    built_in("insert before(list: list, position: number, newItem: Any): list", insert_before, "an item put in"),
    built_in("remove(list: list, position: number): list", remove, "the list without one item"),
    built_in("list replace(list: list, position: Any, newItem: Any): list", list_replace, "one item replaced"),
    built_in("list replace(list: list, match: Any, newItem: Any): list", list_replace, "the items that match replaced"),
    built_in("reverse(list: list): list", lambda items: items[::-1], "the items from the last to the first"),
    built_in("index of(list: list, match: Any): list<number>", index_of, "the positions of the items that equal a value"),
    built_in("union(list: list...): list", union, "the items of all lists, each once"),
    built_in("distinct values(list: list): list", distinct, "the items, each once"),
    built_in("flatten(list: list): list", flatten, "the items of lists in the list"),
    built_in("sort(list: list, precedes: Any): list", sort, "the items in the order that a function decides"),
    *_aggregate("min", "Any", _extreme(less), "the least of numbers, texts, dates, times or durations"),
    *_aggregate("max", "Any", _extreme(lambda item, best: less(best, item)), "the greatest"),
    *_aggregate("sum", "Any", total, "the sum of numbers or durations; null of nothing"),
    *_aggregate("mean", "Any", mean, "the average of numbers or durations"),
    *_aggregate("product", "number", product, "the numbers multiplied"),
    *_aggregate("median", "number", median, "the middle of the numbers"),
    *_aggregate("stddev", "number", stddev, "the standard deviation of a sample"),
    *_aggregate("mode", "list<number>", mode, "the most frequent numbers"),
    *_aggregate("all", "boolean", every, "whether all are true"),
    *_aggregate("any", "boolean", some, "whether one is true"),
    *_aggregate("and", "boolean", every, "whether all are true"),
    *_aggregate("or", "boolean", some, "whether one is true"),
)

"""The words on a picture: what stands in a step's box, how labels break, and how wide text is."""

from __future__ import annotations

import re
from datetime import timedelta

from orderloom.dsl.duration_words import duration_words
from orderloom.dsl.program import LATE, Ask, Choose, Decide, Do, Each, End, Parallel, Raise, Run, Step, TakeBack, Task, Tell, Wait

LABEL_WIDTH = 18  #: characters of a label's line
LABEL_LINES = 3


def heading(step: Step) -> str:
    """The first line of the box."""
    return step.title or step.name


def detail(step: Step) -> str:
    """The second line of the box: what the step does."""
    text = _verb(step)
    return f"{text} · {duration_words(step.within)}" if step.within else text


def _verb(step: Step) -> str:
    match step.verb:
        case Do(action):
            return f"do {action}"
        case Ask(_, message):
            return f"ask: {message}"
        case Tell(_, message):
            return f"tell: {message}"
        case Wait() as wait:
            return _waited(wait, step)
        case Task() as task:
            return f"task: {task.name}" + (f" ({task.skill})" if task.skill else "")
        case Choose():
            return "choose"
        case Decide(decision):
            return f"decide {decision}"
        case Raise(exception, _):
            return f"raise {exception}"
        case TakeBack(since):
            return f"take back {since or 'everything'}"
        case End(outcome):
            return f"end: {outcome}"
        case Parallel(branches, join):
            return f"parallel · {_joined(join)} of {len(branches)}"
        case Each(items, _, _, join):
            return f"each of {items.text} · {_joined(join)}"
        case Run(process):
            return f"run {process}"


def _joined(join: int | None) -> str:
    return "all" if join is None else "any" if join == 1 else str(join)


def _waited(wait: Wait, step: Step) -> str:
    if wait.event:
        return " or ".join((f"wait for {wait.event}", *(name for name in step.ways if name != LATE)))
    if wait.moment:
        return f"wait until {wait.moment.text}"
    return f"wait {duration_words(wait.duration or timedelta())}"


def label_lines(label: str) -> list[str]:
    """A label broken after blanks, dots and underscores; what does not fit ends in an ellipsis."""
    lines: list[str] = [""] if label else []
    for piece in re.findall(r"[^\s._]*(?:[._]|\s+|$)", label):
        if lines and len((lines[-1] + piece).rstrip()) > LABEL_WIDTH and lines[-1]:
            lines.append("")
        if lines:
            lines[-1] += piece
    if len(lines) > LABEL_LINES:
        lines = [*lines[: LABEL_LINES - 1], lines[LABEL_LINES - 1].rstrip() + " …"]
    return [line.strip() for line in lines]


def width(text: str, size: float) -> float:
    """About how wide a text is in a system font of this size; rather too much than too little."""
    narrow = sum(1 for char in text if char in "iljtfr.,:;|!'()[] -")
    return size * (0.62 * (len(text) - narrow) + 0.36 * narrow)

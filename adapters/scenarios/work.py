"""`task` and the tasks of a scenario: what people do with their work, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.adapters.scenarios.accounts import number
from orderloom.adapters.scenarios.play import Cannot, Play, told
from orderloom.adapters.story import Story
from orderloom.dsl.scenario import Entry
from orderloom.dsl.suggest import hint_for
from orderloom.engine.refused import Refused
from orderloom.engine.shell.people import Answer, claim_work, complete_task, delegate_work, release_work
from orderloom.engine.task import Task

SOMEBODY = "somebody"  #: who does it where a scenario does not say
DOINGS = ("claim", "release", "delegate", "complete")


def task(play: Play, entry: Entry) -> None:
    """Somebody claims a task, hands it back, delegates it or completes it; or is `refused` with these words."""
    said = told(entry)
    doing = next((each for each in DOINGS if each in said), None)
    if doing is None:
        raise Cannot(f"say what is done with which task: one of {', '.join(DOINGS)}")
    story, expected = play.story(said.get("order")), said.get("refused")
    kept = _meant(story, said[doing], said.get("unit"), closed=expected is not None)
    play.asked(_done(play, doing, kept, said), expected)


def _done(play: Play, doing: str, kept: Task, said: Mapping[str, object]) -> Refused | None:
    store, now, people = play.stage.store, play.stage.now, play.stage.program.people
    by = str(said.get("by") or kept.claimed_by or SOMEBODY)
    if doing == "claim":
        return claim_work(store, kept.id, by, now, people)
    if doing == "release":
        return release_work(store, kept.id, by, now)
    if doing == "delegate":
        if "to" not in said:
            raise Cannot("say to whom: to: NAME")
        return delegate_work(store, kept.id, by, str(said["to"]), now, people)
    form, outcome = said.get("form"), said.get("outcome")
    answer = Answer(None if outcome is None else str(outcome), form if isinstance(form, dict) else {}, str(said.get("note", "")))
    done = complete_task(store, kept.id, by, now, answer, people)
    return done if isinstance(done, Refused) else None


def _meant(story: Story, name: object, unit: object, closed: bool) -> Task:
    """The one open task that is meant, by its name, and by the number of its unit of work where that is needed.

    Where none is, and one that is `closed` will do, the last of these.
    """

    def fits(task: Task) -> bool:
        return task.name == name and (unit is None or number(task.instance, story.state) == unit)

    open_ = list(story.state.tasks.values())
    named = [each for each in open_ if each.name == name]
    fitting = [each for each in open_ if fits(each)]
    if closed and not fitting:
        fitting = [each for each in story.tasks if fits(each)][-1:]
    if len(fitting) != 1:
        there = ", ".join(f"{each.name} of {number(each.instance, story.state)}" for each in open_) or "none"
        hint = hint_for(str(name), {each.name for each in open_}) if not named else ""
        raise Cannot(f"{len(fitting)} open tasks are meant; open: {there}" + (f"; {hint}" if hint else ""))
    return fitting[0]

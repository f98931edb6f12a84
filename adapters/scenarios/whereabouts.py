"""Where an order and its units of work stand, in words for whoever told them something that nothing waits for."""

from __future__ import annotations

from orderloom.adapters.scenarios.accounts import number
from orderloom.adapters.story import Story
from orderloom.engine.state import ORDER, Instance


def whereabouts(story: Story) -> str:
    """How far the order has come and what holds it up; then each unit of work, or the order's own process where there is none."""
    held = [issue for issue in story.exceptions if issue.option is None]
    issues = [f"{issue.type} ({issue.cause})" if issue.cause else issue.type for issue in held]
    status = f"the order is {story.state.status}" + (f", held up by {'; '.join(issues)}" if issues else "")
    found = [each for each in story.state.instances.values() if each.parent is None]
    units = [each for each in found if each.id != ORDER] or found
    return "; ".join([status, *(_standing(each, story) for each in units)])


def _standing(instance: Instance, story: Story) -> str:
    what = "it" if instance.id == ORDER else f"unit {number(instance.id, story.state)}"
    if instance.ended is not None:
        return f"{what} has ended as {instance.ended}"
    parts = [each for each in story.state.instances.values() if each.ended is None and each.id.startswith(f"{instance.id}/")]
    waiting = [each for each in (instance, *parts) if each.waiting is not None and each.waiting.kind != "children"]
    return f"{what} is at " + (" and ".join(_place(each, story) for each in waiting) or instance.step)


def _place(instance: Instance, story: Story) -> str:
    """A step with what it waits for, and until when at the latest."""
    assert instance.waiting is not None, "chosen by it"
    kind, name = instance.waiting.kind, instance.waiting.name
    until = story.clocks.get(f"{story.state.order.id}/{instance.key}")
    words = {"time": "", "event": f" for {name}", "hold": f", held by {name}"}.get(kind, f" for its {kind}")
    return f"{instance.step}{words}" + (f" until {until:%Y-%m-%d %H:%M}" if until is not None else "")

"""What an LALR parser would really accept next."""

from typing import Any

from lark.parsers.lalr_analysis import Shift


def could_follow(parser: Any, terminal: str) -> bool:
    """Whether the parser would shift the terminal.

    A state's own table says more than that: where it reduces, it also lists what may follow in other contexts.
    """
    states, stack = parser.parse_conf.states, list(parser.state_stack)
    while True:
        found = states[stack[-1]].get(terminal)
        if found is None:
            return False
        action, target = found
        if action is Shift:
            return True
        if target.expansion:
            del stack[-len(target.expansion) :]
        stack.append(states[stack[-1]][target.origin.name][1])

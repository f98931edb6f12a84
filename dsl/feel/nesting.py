"""How deep an expression goes, found without recursion, so that no later stage can run out of stack."""

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.problem import Problem

MAX_DEPTH = 200  # nodes from the root to a leaf; a chain of operators counts each of them
MAX_BLOCKS = 64  # blocks of the code that is made from it
MAX_LOOPS = 10

_BLOCKS = {tree.If: 1, tree.For: 1, tree.Quantified: 1, tree.Filter: 2, tree.Lambda: 2, tree.Logic: 1}


def too_deep(root: tree.Node) -> Problem | None:
    """A problem at the first node that lies too deep."""
    stack = [(root, 0, 0, 0)]
    while stack:
        node, depth, blocks, loops = stack.pop()
        if depth > MAX_DEPTH or blocks > MAX_BLOCKS or loops > MAX_LOOPS:
            return Problem(
                "E209", node.start, node.end, "this expression is nested too deeply", "give its parts names of their own"
            )
        inner_loops = loops + _loops(node)
        for child in tree.children(node):
            first_operand = isinstance(node, tree.Logic) and child is node.left
            stack.append((child, depth + 1, blocks + (0 if first_operand else _BLOCKS.get(type(node), 0)), inner_loops))
    return None


def _loops(node: tree.Node) -> int:
    if isinstance(node, tree.For | tree.Quantified):
        return len(node.iterations)
    return int(isinstance(node, tree.Filter))

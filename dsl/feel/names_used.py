"""Which names of the scope an expression speaks of, and which paths from them."""

from collections.abc import Iterator

from orderloom.dsl.feel import tree

Paths = frozenset[tuple[str, ...]]


def names_used(node: tree.Node) -> frozenset[str]:
    """The names from outside: those that loops, parameters and contexts of the expression declare are left out.

    Inside a filter a name may be the item's field instead; it is counted, as the scope may have it too.
    """
    return frozenset(path[0] for path in paths_used(node))


def paths_used(node: tree.Node) -> Paths:
    """The same with the fields that follow: `order.ship_to.zip` is `("order", "ship_to", "zip")`."""
    return frozenset(_paths(node, frozenset()))


def _paths(node: tree.Node, own: frozenset[str]) -> Iterator[tuple[str, ...]]:
    match node:
        case tree.Name(name):
            if name not in own:
                yield (name,)
        case tree.Path():
            whole = _whole(node)
            if whole is None:
                yield from _paths(node.base, own)
            elif whole[0] not in own:
                yield whole
        case tree.Filter(base, condition):
            yield from _paths(base, own)
            yield from _paths(condition, own | {"item"})
        case tree.For(iterations, body):
            yield from _iterated(iterations, body, own | {"partial"})
        case tree.Quantified(_, iterations, condition):
            yield from _iterated(iterations, condition, own)
        case tree.Lambda(params, body):
            yield from _paths(body, own | {param.name for param in params})
        case tree.ContextOf(entries):
            for name, value in entries:
                yield from _paths(value, own | {name} if isinstance(value, tree.Lambda) else own)
                own |= {name}
        case _:
            for child in tree.children(node):
                yield from _paths(child, own)


def _iterated(iterations: tuple[tree.Iteration, ...], body: tree.Expr, own: frozenset[str]) -> Iterator[tuple[str, ...]]:
    for iteration in iterations:
        for domain in (iteration.domain, iteration.high):
            if domain is not None:
                yield from _paths(domain, own)
        own |= {iteration.name}
    yield from _paths(body, own)


def _whole(node: tree.Expr) -> tuple[str, ...] | None:
    """The path as names, when it is nothing but names."""
    if isinstance(node, tree.Name):
        return (node.name,)
    if isinstance(node, tree.Path):
        before = _whole(node.base)
        return None if before is None else (*before, node.name)
    return None

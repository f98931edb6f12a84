"""Modifications: requested changes of an order, what they would cost, and what becomes of them.

`request.py` has the values, `orders.py` the order as it would be, `rules.py` asks the tables of changes, `undo.py` takes back
just what depends on the change and finds new sources, `reselect.py` asks for the process anew. `modify.py` puts it together on a
copy of the turn, `difference.py` compares, and `pending.py` has what is previewed or waits for a role to agree.
"""

"""Returns: what a customer gives back of an order, what it is worth, and what becomes of it.

`request.py` has the values, `eligible.py` says whether goods are taken back, `worth.py` what is given for them, `exchanged.py`
what other goods cost, `goods.py` what they are and what a disposition makes of them, `asked.py` starts the unit of work, and
what its process does is in `actions.py`. `whose.py` keeps goods out of the stock of others.
"""

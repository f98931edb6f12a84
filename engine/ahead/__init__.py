"""Looking ahead: what a unit of an item at a node would be worth to the demand that is still to come.

`renewed` is the one way in: from a forecast, the latest orders and the stock to the price of a unit by item and node.
"""

from orderloom.engine.ahead.renewal import LATEST, Ahead, looks_ahead, renewed
from orderloom.engine.ahead.ways import Way

__all__ = ["LATEST", "Ahead", "Way", "looks_ahead", "renewed"]

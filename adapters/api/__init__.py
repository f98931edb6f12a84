"""The HTTP API: orders, stock, promises, exceptions and what participants report, over the same functions as the commands."""

from orderloom.adapters.api.app import make_app as make_app
from orderloom.adapters.api.desk import Desk as Desk
from orderloom.adapters.api.keys import Keys as Keys
from orderloom.adapters.api.keys import keys_in as keys_in

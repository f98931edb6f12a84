"""The tables. Every key begins with `shard`, so that a store can be cut by shard without touching a row.

Moments are UTC text of fixed width, days are ISO text, JSON is text as `wire` writes it: the same bytes in every store.
Keys compare by bytes everywhere, because the order of keys decides the order of work.
"""

from __future__ import annotations

from orderloom.engine.store.schema import Day as Day
from orderloom.engine.store.schema import Moment as Moment
from orderloom.engine.store.schema import metadata as metadata
from orderloom.engine.store.tables.ahead import ahead as ahead
from orderloom.engine.store.tables.ahead import forecast as forecast
from orderloom.engine.store.tables.ahead import opportunity_costs as opportunity_costs
from orderloom.engine.store.tables.ahead import supply_orders as supply_orders
from orderloom.engine.store.tables.ahead import ways as ways
from orderloom.engine.store.tables.orders import archived as archived
from orderloom.engine.store.tables.orders import history as history
from orderloom.engine.store.tables.orders import interests as interests
from orderloom.engine.store.tables.orders import orders as orders
from orderloom.engine.store.tables.orders import records as records
from orderloom.engine.store.tables.orders import search as search
from orderloom.engine.store.tables.people import appeasements as appeasements
from orderloom.engine.store.tables.people import exceptions as exceptions
from orderloom.engine.store.tables.people import holds as holds
from orderloom.engine.store.tables.people import tasks as tasks
from orderloom.engine.store.tables.running import migrated as migrated
from orderloom.engine.store.tables.running import migrations as migrations
from orderloom.engine.store.tables.running import repairs as repairs
from orderloom.engine.store.tables.running import workers as workers
from orderloom.engine.store.tables.stock import MOVES as MOVES
from orderloom.engine.store.tables.stock import TO_COME as TO_COME
from orderloom.engine.store.tables.stock import ledger as ledger
from orderloom.engine.store.tables.stock import loads as loads
from orderloom.engine.store.tables.stock import positions as positions
from orderloom.engine.store.tables.stock import reservations as reservations
from orderloom.engine.store.tables.stock import resources as resources
from orderloom.engine.store.tables.stock import stock as stock
from orderloom.engine.store.tables.stock import stock_inbox as stock_inbox
from orderloom.engine.store.tables.stock import supplies as supplies
from orderloom.engine.store.tables.traffic import broadcasts as broadcasts
from orderloom.engine.store.tables.traffic import due as due
from orderloom.engine.store.tables.traffic import inbox as inbox
from orderloom.engine.store.tables.traffic import outbox as outbox
from orderloom.engine.store.tables.watched import alarms as alarms
from orderloom.engine.store.tables.watched import alerts as alerts
from orderloom.engine.store.tables.watched import looks as looks
from orderloom.engine.store.tables.watched import patterns as patterns
from orderloom.engine.store.tables.watched import publications as publications
from orderloom.engine.store.tables.watched import published as published
from orderloom.engine.store.tables.workspace import definitions as definitions
from orderloom.engine.store.tables.workspace import in_force as in_force
from orderloom.engine.store.tables.workspace import items as items
from orderloom.engine.store.tables.workspace import nodes as nodes
from orderloom.engine.store.tables.workspace import workspace as workspace

"""Records what a release makes of some orders, for later ones to work on again: python tests/histories/record.py FILE.store.gz"""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ORDERS = "60"
UNTOUCHED = "{} NOT IN (SELECT item FROM ledger WHERE order_id <> '')"  #: items that no order has reserved or shipped


def main(into: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "recorded.sqlite"
        demo = "from orderloom.cli.main import main; main()"
        subprocess.run([sys.executable, "-c", demo, "demo", "--orders", ORDERS, "--store", str(store)], check=True)
        with closing(sqlite3.connect(store)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            for table in ("forecast", "opportunity_costs", "ways", "supplies", "positions", "looks", "stock", "ledger"):
                connection.execute(f"DELETE FROM {table} WHERE {UNTOUCHED.format('item')}")
            connection.execute(f"DELETE FROM items WHERE {UNTOUCHED.format('id')}")
            connection.commit()
            connection.execute("VACUUM")
        into.write_bytes(gzip.compress(store.read_bytes(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

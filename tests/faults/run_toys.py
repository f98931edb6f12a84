"""A process that makes worker processes, so that each begins at once: what they need is imported here, before.

Commands, a line each: `begin URL` answers the id of a new worker, `wait ID` its exit code (minus the signal that killed it).
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "engine" / "store"))

from shop import Shop, opened


def begin(url: str) -> int:
    worker = os.fork()
    if not worker:
        Shop(opened(url)).worker(timedelta(hours=1)).run_until_idle()
        os._exit(0)
    return worker


for line in sys.stdin:
    command, argument = line.split()
    if command == "begin":
        print(begin(argument), flush=True)
    else:
        print(os.waitstatus_to_exitcode(os.waitpid(int(argument), 0)[1]), flush=True)

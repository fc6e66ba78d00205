"""The fork server: a process that holds the graph and forks evaluators, and never answers a query itself.

It is started by the server, told by single bytes to fork, and tells back who was born (with the other end of the
evaluator's socket) and who died how. It ends, and its evaluators with it, when the server does.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from missiongraph.build.opened_build import Build
from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.sparql.evaluators.worker import Knowledge, Limits, serve

FORK = b"F"
BORN, DIED = b"B", b"D"

#: kind, process, and of the dead the signal that ended it (0: it ended by itself)
REPORT = struct.Struct(">cii")


def main(folder: str, descriptor: str) -> None:
    """Serve the server at the other end of the socket *descriptor* from the build in *folder*."""
    build = Build.open(Path(folder))
    server = socket.socket(fileno=int(descriptor))
    limits = build.settings.limits
    bounds = Limits(limits.seconds, limits.memory_megabytes << 20, limits.result_megabytes << 20)
    counts = build.manifest["counts"]
    in_memory = load(build) if counts["triples"] + counts["quads"] <= limits.statements_in_memory else None

    def knowledge() -> Knowledge:
        engine = in_memory or build.engine
        return Knowledge(engine, build.prefixes, build.context, commas=build.manifest["commas"])

    build.context  # noqa: B018  # read once, before the first fork
    wake, tell = socket.socketpair()
    tell.setblocking(False)
    signal.set_wakeup_fd(tell.fileno())
    signal.signal(signal.SIGCHLD, lambda number, place: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # from the keyboard; the server ends us
    children: set[int] = set()
    with selectors.DefaultSelector() as selector:
        selector.register(server, selectors.EVENT_READ)
        selector.register(wake, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if wake in ready:
                wake.recv(4096)
                _report_dead(server, children)
            if server in ready:
                asked = server.recv(64)
                if not asked:
                    break
                for _ in asked:
                    children.add(_fork(server, (wake, tell), knowledge, bounds))
    for child in children:
        os.kill(child, signal.SIGKILL)


def load(build: Build) -> EmbeddedEngine:
    """The build's store in memory. Statements with blank nodes are added one by one, so that they keep their labels."""
    dump = Store.read_only(str(build.folder / "store" / "graph")).dump(format=RdfFormat.N_QUADS) or b""
    lines = dump.splitlines(keepends=True)
    store = Store()
    store.bulk_load(b"".join(line for line in lines if b"_:" not in line), RdfFormat.N_QUADS)
    store.extend(parse(b"".join(line for line in lines if b"_:" in line), RdfFormat.N_QUADS))
    return EmbeddedEngine(store, base=build.settings.base, merge_triples=build.settings.limits.merge_triples)


def _fork(
    server: socket.socket, others: tuple[socket.socket, ...], knowledge: Callable[[], Knowledge], limits: Limits
) -> int:
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for connection in (server, theirs, *others):
                connection.close()
            serve(ours, knowledge, limits)
        finally:
            os._exit(0)
    ours.close()
    socket.send_fds(server, [REPORT.pack(BORN, child, 0)], [theirs.fileno()])
    theirs.close()
    return child


def _report_dead(server: socket.socket, children: set[int]) -> None:
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if child == 0:
            return
        children.discard(child)
        server.sendall(REPORT.pack(DIED, child, os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0))


if __name__ == "__main__":
    main(*sys.argv[1:])

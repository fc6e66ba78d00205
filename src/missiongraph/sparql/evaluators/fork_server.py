"""The fork server: a process that holds the graph and forks evaluators. It never answers a query itself.

The web server starts it. A byte on their socket asks for one evaluator. The fork server reports each evaluator that has
started (with the other end of its socket), and each that has ended, with the signal that ended it. It ends when the web
server does, and ends its evaluators.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from missiongraph.build.opened_build import Build
from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.processes.parents import end_with_parent
from missiongraph.sparql.evaluators.worker import Knowledge, Limits, serve

#: The byte that asks for one evaluator.
FORK = b"F"
STARTED, ENDED = b"S", b"E"

#: A report: its kind, the process id of the evaluator, and the signal that ended it (0: it ended by itself).
REPORT = struct.Struct(">cii")


def main(folder: str, descriptor: str) -> None:
    """Fork evaluators for the build in *folder*, as the web server at the other end of the socket *descriptor* asks."""
    server = socket.socket(fileno=int(descriptor))
    try:
        build, in_memory = _opened(Path(folder))
    except Exception as error:  # whatever it is, who started this process tells it once
        sys.exit(f"missiongraph: the evaluators cannot open the build in {folder}: {error}")
    limits = build.settings.limits
    bounds = Limits(limits.seconds, limits.memory_megabytes << 20, limits.result_megabytes << 20)

    def knowledge() -> Knowledge:
        engine = in_memory or build.engine
        return Knowledge(engine, build.prefixes, build.context, commas=build.manifest["commas"])

    wake, wake_sender = socket.socketpair()
    wake_sender.setblocking(False)
    signal.set_wakeup_fd(wake_sender.fileno())
    signal.signal(signal.SIGCHLD, lambda number, place: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # from the keyboard; the web server ends this process
    children: set[int] = set()
    with suppress(ConnectionError), selectors.DefaultSelector() as selector:  # the web server has ended
        selector.register(server, selectors.EVENT_READ)
        selector.register(wake, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if wake in ready:
                wake.recv(4096)
                _report_ended(server, children)
            if server in ready:
                asked = server.recv(64)
                if not asked:
                    break
                for _ in asked:
                    children.add(_fork(server, (wake, wake_sender), knowledge, bounds))
    signal.set_wakeup_fd(-1)
    for child in children:
        os.kill(child, signal.SIGKILL)


def _opened(folder: Path) -> tuple[Build, EmbeddedEngine | None]:
    """The build, with what each evaluator would read read once; and its store in memory, if it is small."""
    build = Build.open(folder)
    build.context  # noqa: B018
    counts = build.manifest["counts"]
    small = counts["triples"] + counts["quads"] <= build.settings.limits.statements_in_memory
    return build, load(build) if small else None


def load(build: Build) -> EmbeddedEngine:
    """Load the store of *build* into memory.

    Statements with blank nodes are added one by one, because a bulk load would give the nodes new labels.
    """
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
    this = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            end_with_parent(this)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for connection in (server, theirs, *others):
                connection.close()
            serve(ours, knowledge, limits)
        finally:
            os._exit(0)
    ours.close()
    socket.send_fds(server, [REPORT.pack(STARTED, child, 0)], [theirs.fileno()])
    theirs.close()
    return child


def _report_ended(server: socket.socket, children: set[int]) -> None:
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if child == 0:
            return
        children.discard(child)
        server.sendall(REPORT.pack(ENDED, child, os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0))


if __name__ == "__main__":
    main(*sys.argv[1:])

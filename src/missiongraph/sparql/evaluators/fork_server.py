"""The fork server: a process that holds the graph and forks evaluators. It never answers a query itself.

The web server starts it. A byte on their socket asks for one evaluator. The fork server reports each evaluator that has
started (with the other end of its socket), and each that has ended, with the signal that ended it. It ends when the web
server does, and ends its evaluators.

Queries wait until it has started, so it imports little: the web server tells it what to know of the build.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.processes.parents import end_with_parent
from missiongraph.sparql.evaluators.worker import Knowledge, Limits, serve

#: The byte that asks for one evaluator.
FORK = b"F"
STARTED, ENDED = b"S", b"E"

#: A report: its kind, the process id of the evaluator, and the signal that ended it (0: it ended by itself).
REPORT = struct.Struct(">cii")


@dataclass(frozen=True)
class Task:
    """What the web server tells the fork server: what evaluators answer from, and their limits.

    :ivar store: the folder of the store
    :ivar in_memory: whether the store is loaded into memory, which all evaluators share; else each opens it
    :ivar context: the file with the JSON-LD context
    :ivar limits: seconds, bytes of memory, bytes of the answer; see :class:`Limits`
    """

    store: str
    in_memory: bool
    base: str
    merge_triples: int
    context: str
    prefixes: dict[str, str]
    commas: bool
    limits: tuple[float, int, int]

    def encode(self) -> str:
        """The task as an argument of the command line."""
        return json.dumps(vars(self))

    def knowledge(self) -> Callable[[], Knowledge]:
        """What evaluators answer from, for each of them to open after it was forked."""
        context = dict(json.loads(Path(self.context).read_text("utf-8"))["@context"])
        in_memory = load(self.store, self.base, self.merge_triples) if self.in_memory else None

        def opened() -> Knowledge:
            engine = in_memory
            if engine is None:
                engine = EmbeddedEngine.open(Path(self.store), base=self.base, merge_triples=self.merge_triples)
            return Knowledge(engine, self.prefixes, context, commas=self.commas)

        return opened


def main(stated: str, descriptor: str, parent: str) -> None:
    """Fork evaluators as the web server at the other end of the socket *descriptor* asks.

    :param stated: the :class:`Task` in JSON
    :param parent: the process id of the web server
    """
    end_with_parent(int(parent))
    for number in (signal.SIGINT, signal.SIGTERM):  # from the keyboard, or for a whole group of processes
        signal.signal(number, signal.SIG_IGN)  # the web server ends this process when no query is under way
    server = socket.socket(fileno=int(descriptor))
    task = Task(**json.loads(stated))
    try:
        knowledge = task.knowledge()
    except Exception as error:  # whatever it is, who started this process tells it once
        sys.exit(f"the store in {task.store} cannot be opened: {error}")
    bounds = Limits(*task.limits)
    wake, wake_sender = socket.socketpair()
    wake_sender.setblocking(False)
    signal.set_wakeup_fd(wake_sender.fileno())
    signal.signal(signal.SIGCHLD, lambda number, place: None)
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


def load(folder: str, base: str, merge_triples: int) -> EmbeddedEngine:
    """Load the store in *folder* into memory, statement by statement: blank nodes keep their labels.

    To write N-Quads and parse them again takes twice as long.
    """
    store = Store()
    store.bulk_extend(Store.read_only(folder))
    return EmbeddedEngine(store, base=base, merge_triples=merge_triples)


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
        except Exception as error:  # whatever it is, who reads this tells it once
            os.write(2, f"{error}\n".encode())
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

"""The socket that the server listens on. It belongs to the main process, so it outlives every worker."""

from __future__ import annotations

import socket

from missiongraph.errors import MissiongraphError, Problem, reason_of

#: Connections that wait in the kernel while no worker takes them.
BACKLOG = 1024


def listen(host: str, port: int, advice: str = "choose another with --port or --host") -> socket.socket:
    """A socket that listens on *host* and *port*: from now on the kernel takes connections, and lets them wait.

    :param advice: what to do if it is in use

    It lets no other process listen there too (``SO_REUSEPORT``).

    :raises MissiongraphError: the address is in use, or no address of this machine
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted sockets inherit it
            listener.bind(address)
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise MissiongraphError(Problem(f"cannot listen on {host}:{port}: {reason_of(error)}", advice=advice)) from None
    return listener

"""Processes that end with the process that started them, also when that is killed and can end nobody."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading

#: prctl(2): the signal that the kernel sends to this process when its parent ends.
_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Have this process killed when its parent ends: by the kernel on Linux, elsewhere by a thread of this process.

    The kernel takes the end of the thread that started this process for the end of the parent.

    :param parent: the process id of the parent, which may have ended before this call
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        end_with_pipe()
    if os.getppid() != parent:
        _end()


def end_with_pipe() -> None:
    """Have a thread kill this process when its parent ends, if :mod:`multiprocessing` started it.

    The parent holds the other end of a pipe, which closes when it ends, however that happens.
    """
    from multiprocessing import connection, parent_process  # few need it, and evaluators are in a hurry

    parent = parent_process()
    if parent is not None:

        def end_after() -> None:
            connection.wait([parent.sentinel])
            _end()

        threading.Thread(target=end_after, name="parent", daemon=True).start()


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)

"""Processes that end with the process that started them, also when that is killed and can end nobody."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

#: prctl(2): the signal that the kernel sends to this process when its parent ends.
_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends (Linux; elsewhere nothing is done).

    :param parent: the process id of the parent, which may have ended before this call
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)

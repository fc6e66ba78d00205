"""One line for each step that takes long, and a dot for every few seconds of it.

``python -m tools.step "Checking types" COMMAND ARGUMENT…`` does so for a command.
"""

from __future__ import annotations

import os
import subprocess
import sys

SECONDS = 5.0


def step(says: str, *command: str, **environment: str) -> None:
    """Say what is being done and do it; what *command* writes is shown, and its failure ends this process too."""
    print(says, end="", flush=True)
    with subprocess.Popen(command, env={**os.environ, **environment}) as process:
        status = _status(process)
        while status is None:
            print(end=".", flush=True)
            status = _status(process)
    print(flush=True)
    if status:
        sys.exit(status if status > 0 else 128 - status)  # as a shell tells of signals


def _status(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        return None


if __name__ == "__main__":
    try:
        step(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)

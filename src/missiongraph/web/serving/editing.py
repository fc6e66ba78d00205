"""Serves a publication while it is edited: what is saved is validated, built and swapped in (``serve --watch``)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import click

from missiongraph.errors import MissiongraphError
from missiongraph.processes.background import in_background
from missiongraph.web.serving.asgi.edited import EDITING_VARIABLE, FAULTS
from missiongraph.web.serving.file_watching import SavedFiles

#: Seconds between two looks at the files, and how many times longer they are than a look takes.
_LOOK = 0.1
_SHARE = 10

#: Seconds that the server has to end.
_LAST_SECONDS = 10

#: What an attempt gives: what it says, the identifier of the build if there is one, and the modules that it imported.
Attempt = tuple[str, str | None, tuple[str, ...]]


class _ServerEnded(Exception):
    """The server has ended by itself."""


def serve_while_edited(folder: Path, builds: Path, attempt: Callable[[], Attempt], command: Sequence[str]) -> int:
    """Serve the publication in *folder* until the process is asked to stop, and give the exit code of the server.

    :param builds: where builds are made
    :param attempt: makes the current build there; called in a process of its own
    :param command: starts a server that follows the current build
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    editing = _Editing(folder, builds, attempt)
    try:
        editing.build()
        while not editing.has_build:
            editing.wait()
            editing.build()
        editing.start(command)
        while True:
            editing.wait()
            editing.build()
    except (KeyboardInterrupt, _ServerEnded):
        return editing.exit_code
    finally:
        editing.stop()


class _Editing:
    """The files, the builds that are made of them, and the server that follows these."""

    def __init__(self, folder: Path, builds: Path, attempt: Callable[[], Attempt]) -> None:
        self._saved = SavedFiles(folder)
        self._builds, self._attempt = builds, attempt
        self.has_build = False
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def exit_code(self) -> int:
        """That of the server, if it has ended."""
        return (self._server.poll() or 0) if self._server is not None else 0

    def start(self, command: Sequence[str]) -> None:
        """Start the server, which ends with this process."""
        self._server = subprocess.Popen(command, env={**os.environ, EDITING_VARIABLE: str(os.getpid())})

    def stop(self) -> None:
        """End the server."""
        if self._server is None:
            return
        self._server.terminate()
        try:
            self._server.wait(_LAST_SECONDS)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def wait(self) -> None:
        """Wait until a file was saved."""
        while not (changed := self._changed()):
            time.sleep(self._pause)
        self._say(f"{changed[0]} was saved" if len(changed) == 1 else f"{len(changed)} files were saved")

    def build(self) -> None:
        """Build what was saved last; whoever saves meanwhile has it begin anew."""
        begun = time.monotonic()
        while (made := self._tried()) is None:
            begun = time.monotonic()
        said, build_id, modules = made
        click.echo(said, nl=False, err=True)
        if build_id is None:
            _replace(self._builds / FAULTS, said)
            self._say(
                "the last version without faults is served on" if self.has_build else "waiting until they are mended"
            )
        else:
            self._say(f"built in {time.monotonic() - begun:.1f} s")
            self.has_build = True
            (self._builds / FAULTS).unlink(missing_ok=True)
        for name in modules:  # the next process finds them in memory
            if name not in sys.modules:
                with suppress(ImportError):
                    import_module(name)

    def _tried(self) -> Attempt | None:
        """The result of the attempt; ``None`` if a file was saved meanwhile."""
        with in_background(self._attempt, "build", "is there enough memory?") as outcome:
            while not outcome.within(self._pause):
                if self._changed():
                    return None
            try:
                return outcome()
            except MissiongraphError as error:  # the process was lost
                return f"{error}\n", None, ()

    def _changed(self) -> tuple[str, ...]:
        if self._server is not None and self._server.poll() is not None:
            raise _ServerEnded
        begun = time.monotonic()
        changed = self._saved.changed()
        self._pause = max(_LOOK, _SHARE * (time.monotonic() - begun))
        return changed

    _pause = _LOOK

    @staticmethod
    def _say(text: str) -> None:
        click.echo(f"missiongraph: {text}", err=True)


def _replace(file: Path, text: str) -> None:
    """Write *file* so that others read all of the old or all of the new text."""
    new = file.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.replace(file)

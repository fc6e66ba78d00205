"""The tutorial is true: each of its commands is run, in order, and must answer what stands beneath it."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import free_port

ROOT = Path(__file__).parents[1]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
#: The commands that go on until the reader stops them.
SERVERS = ("missiongraph serve", "python3 -m http.server")
_PATIENCE = 120


def steps() -> Iterator[tuple[str, str]]:
    """Each command of the tutorial with the output beneath it."""
    for block in re.findall(r"^```console\n(.*?)^```", TUTORIAL, re.MULTILINE | re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = step.splitlines(keepends=True)
            last = next((n for n, line in enumerate(lines[1:], 1) if not line.startswith("> ")), len(lines))
            yield "".join([lines[0], *(line[2:] for line in lines[1:last])]).rstrip("\n"), "".join(lines[last:])


def uncounted(text: str) -> str:
    """*text* without the number of files of a site, which depends on the front-end files that are installed."""
    return re.sub(r"\b[1-9]\d* files$", "N files", text, flags=re.MULTILINE)


@contextmanager
def running(command: str, said: str, where: Path, environment: dict[str, str]) -> Iterator[None]:
    """A server that has said *said*, until it is stopped as Ctrl+C stops it."""
    heard = where.parent / "heard"
    with heard.open("wb") as output:
        server = subprocess.Popen(
            shlex.split(command), cwd=where, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        end = time.monotonic() + _PATIENCE
        while said not in heard.read_text("utf-8") and server.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        assert said in heard.read_text("utf-8"), heard.read_text("utf-8")
        yield
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        finally:
            server.kill()


def test_every_command_of_the_tutorial_answers_as_it_says(tmp_path: Path) -> None:
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, arguments in (("missiongraph", "-m missiongraph "), ("python3", "")):
        (commands / name).write_text(f'#!/bin/sh\nexec {sys.executable} {arguments}"$@"\n')
        (commands / name).chmod(0o755)
    path = f"{commands}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PYTHONUNBUFFERED": "1", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    where = tmp_path / "reader"
    where.mkdir()
    port, server = "8000", None
    try:
        for command, expected in steps():
            if command.startswith(SERVERS):
                if server is not None:
                    server.__exit__(None, None, None)
                port = str(free_port())
                own = command.replace("8000", port) + (f" --port {port}" if command.startswith("missiongraph") else "")
                server = running(own, expected.replace("8000", port), where, environment)
                server.__enter__()
                continue
            run = subprocess.run(
                ["bash", "-c", command.replace("8000", port) + '\npwd > "$PLACE"'],
                cwd=where,
                env=environment | {"PLACE": str(tmp_path / "place")},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=_PATIENCE,
                check=False,
            )
            assert uncounted(run.stdout) == uncounted(expected.replace("8000", port)), command
            where = Path((tmp_path / "place").read_text().strip())
    finally:
        if server is not None:
            server.__exit__(None, None, None)


def test_the_tutorial_shows_the_kinds_of_step_that_it_promises() -> None:
    told = " ".join(command for command, _ in steps())
    for kind in ("new", "validate", "query", "evidence check", "serve", "export"):
        assert f"missiongraph {kind}" in told

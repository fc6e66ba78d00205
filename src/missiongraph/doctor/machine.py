"""Looks at the computer: Python, libraries, limits, folders, the port, the files that pages need in a browser."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from missiongraph.doctor.findings import Finding
from missiongraph.errors import MissiongraphError, reason_of
from missiongraph.publication.settings import Limits
from missiongraph.web.context.synchronous_evaluation import evaluators_of
from missiongraph.web.rendering.environment import missing_front_end_files
from missiongraph.web.serving.listening import listen
from missiongraph.web.serving.resource_limits import check_resources

_GIB = 1 << 30


def look_at_machine(limits: Limits, host: str, port: int, builds: Path | None) -> Iterator[Finding]:
    """What is so of this computer.

    :param limits: those of the publication
    :param host: where the site would be served
    :param builds: where builds would be kept; ``None`` if the user has no such place
    """
    yield _python()
    yield from _libraries()
    yield _system_limits(limits)
    yield _temporary_folder()
    if builds is None:
        yield Finding("builds", "fault", "there is no HOME to keep builds in", "set HOME or XDG_CACHE_HOME")
    else:
        yield _room_for(builds)
    yield _port(host, port)
    yield _front_end()


def _python() -> Finding:
    stated = Requirement(f"python{metadata('missiongraph')['Requires-Python']}").specifier
    running = ".".join(map(str, sys.version_info[:3]))
    if running in stated:
        return Finding("Python", "good", running)
    return Finding("Python", "fault", f"{running} is not {stated}", "install missiongraph with a newer Python")


def _libraries() -> Iterator[Finding]:
    wanted = [Requirement(text) for text in requires("missiongraph") or ()]
    wrong = []
    for one in wanted:
        if one.marker is not None and not one.marker.evaluate({"extra": ""}):
            continue
        try:
            if not one.specifier.contains(found := version(one.name), prereleases=True):
                wrong.append(f"{one.name} {found} ({one.specifier})")
        except PackageNotFoundError:
            wrong.append(f"{one.name} (missing)")
    if wrong:
        advice = "install missiongraph anew, into an environment of its own"
        yield Finding("libraries", "fault", f"not as needed: {', '.join(wrong)}", advice)
    else:
        yield Finding("libraries", "good", f"missiongraph {version('missiongraph')} and all that it needs")


def _system_limits(limits: Limits) -> Finding:
    try:
        check_resources(evaluators_of(limits), limits.memory_megabytes << 20, 1)
    except MissiongraphError as error:
        problem = error.problems[0]
        return Finding("system limits", "fault", problem.what, problem.advice or "raise them with ulimit")
    return Finding("system limits", "good", "open files, memory and processes are enough for the default of workers")


def _temporary_folder() -> Finding:
    try:
        with tempfile.TemporaryFile():
            return Finding("temporary files", "good", tempfile.gettempdir())
    except OSError as error:
        return Finding("temporary files", "fault", reason_of(error), "set TMPDIR to a folder that can be written")


def _room_for(builds: Path) -> Finding:
    there = next(folder for folder in (builds, *builds.parents) if folder.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return Finding("builds", "fault", f"{there} cannot be written", "set XDG_CACHE_HOME, or use build --out DIR")
    free = shutil.disk_usage(there).free
    if free < _GIB:
        return Finding("builds", "better", f"{free >> 20} MB are free at {there}", "make room before a large build")
    return Finding("builds", "good", f"{free >> 30} GB are free at {there}")


def _port(host: str, port: int) -> Finding:
    try:
        listen(host, port).close()
    except MissiongraphError as error:
        problem = error.problems[0]
        return Finding("port", "fault", problem.what, problem.advice or "")
    return Finding("port", "good", f"{host}:{port} is free")


def _front_end() -> Finding:
    missing = missing_front_end_files()
    if not missing:
        return Finding("front-end files", "good", "editor, typeface, and the engine for browsers are there")
    advice = "install missiongraph anew where npm and the network can be reached; pages work without them"
    return Finding("front-end files", "better", f"missing: {', '.join(missing)}", advice)

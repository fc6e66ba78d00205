"""Packages of npm that suites run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from hatch_build import FrontEndError, npm_command


class Npm(NamedTuple):
    """What was installed.

    :ivar folder: where ``node_modules`` lies
    :ivar command: what runs npm, in *environment*
    """

    folder: Path
    command: Sequence[str]
    environment: Mapping[str, str]


def install(pinned: Path, folder: Path) -> Npm:
    """The packages that the lock file of *pinned* names, in *folder*; a test skips where they cannot be had."""
    shutil.copytree(pinned, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    environment = dict(os.environ)
    try:
        npm = npm_command(folder, environment)
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=300)
    except (FrontEndError, subprocess.CalledProcessError) as error:
        pytest.skip(f"{pinned.name} needs npm, which cannot be had or fetch it here: {error}")
    return Npm(folder, npm, environment)

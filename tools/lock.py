"""``make lock``: the dependencies of pyproject.toml and front/package.json resolved anew, into the lock files.

Pinned versions stay unless ``UPGRADE`` is set. The build backend is locked with the rest: no step fetches anything
else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tools.environment import PIP, PYTHON

COMPILE = (
    *("-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "make lock"),
)


def lock(*, upgrade: bool) -> None:
    """Write the lock files of Python and, where there is an npm, that of the front end."""
    newer = ["--upgrade"] if upgrade else []
    python(*PIP, "uv")
    python(*COMPILE, *newer, "--group", "build", "--output-file", "requirements.lock")
    tests = ("--all-extras", "--group", "build", "--group", "test", "--constraint", "requirements.lock")
    python(*COMPILE, *newer, *tests, "--output-file", "requirements-test.lock")
    if npm := shutil.which("npm"):
        subprocess.run([npm, "install", "--package-lock-only", "--ignore-scripts"], cwd="front", check=True)


def python(*arguments: str) -> None:
    """Show a command of the environment's interpreter, and run it."""
    print(PYTHON, *arguments, flush=True)
    if status := subprocess.run([PYTHON, *arguments], check=False).returncode:
        sys.exit(status)


if __name__ == "__main__":
    lock(upgrade=bool(os.environ.get("UPGRADE")))

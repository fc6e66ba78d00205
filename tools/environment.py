"""The virtual environments that the Makefile works in: made where they are missing or out of date.

``python -m tools.environment STAMP`` brings about one of the stamps below. An environment belongs to one folder and
one interpreter, and is made anew when either is another; what is installed is installed anew when a file that says
what has changed. It runs on Python 3.7 too, to tell who has it that it is too old.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.step import step

OLDEST = (3, 11)

#: Which folder and which interpreter the environment is of.
MADE_IN, MADE_WITH = Path(".venv/made-in"), Path(".venv/made-with")
INSTALLED = Path(".venv/installed")
INSTALLED_TESTS = Path(".venv/installed-tests")
#: The peers of the benchmark have an environment of their own.
INSTALLED_BENCH = Path(".venv-bench/installed")

PYTHON = str(Path(".venv/bin/python"))
#: Its errors are shown, its warnings are not: they speak of settings of the machine, which are not ours to mend.
PIP = ("-m", "pip", "install", "--quiet", "--quiet", "--no-input")
LOCKED = (*PIP, "--require-hashes", "-r")


def environment() -> None:
    """Make ``.venv`` with the interpreter that ``PYTHON`` names, else with the one of before, else with python3."""
    before = _text(MADE_WITH)
    python = os.environ.get("PYTHON") or before or "python3"
    if os.access(PYTHON, os.X_OK) and (_text(MADE_IN), before) == (str(Path.cwd()), python):
        return
    _refuse_unfit(python)
    step("Making the environment .venv (the first time only)", python, "-m", "venv", "--clear", ".venv")
    MADE_WITH.write_text(python + "\n", encoding="utf-8")
    MADE_IN.write_text(str(Path.cwd()) + "\n", encoding="utf-8")


def installed() -> None:
    """Install the project and what it needs."""
    environment()
    front = Path("front")
    inputs = [MADE_IN, *map(Path, ("requirements.lock", "pyproject.toml", "hatch_build.py"))]
    inputs += [front / "package.json", front / "package-lock.json", *front.glob("editor/*.js")]
    if _is_due(INSTALLED, inputs):
        step("Installing the locked dependencies into .venv", PYTHON, *LOCKED, "requirements.lock")
        step("Bringing the front-end files", PYTHON, "hatch_build.py")
        ours = (*PIP, "--no-deps", "--no-build-isolation", "--editable", ".")
        step("Installing missiongraph", PYTHON, *ours, MISSIONGRAPH_NO_FRONT_END="1")
        # Python would itself, unless the folder or its environment forbids it.
        subprocess.run([PYTHON, "-m", "compileall", "-q", "src"], check=True)
        INSTALLED.touch()


def installed_tests() -> None:
    """Install what the tests need too."""
    installed()
    if _is_due(INSTALLED_TESTS, [INSTALLED, Path("requirements-test.lock")]):
        step("Installing what the tests need", PYTHON, *LOCKED, "requirements-test.lock")
        INSTALLED_TESTS.touch()


def installed_bench() -> None:
    """Install the peers of the benchmark; Virtuoso and wrk are used where the system has them."""
    environment()
    wanted = Path("bench/requirements.txt")
    if _is_due(INSTALLED_BENCH, [wanted, MADE_IN]):
        python = str(Path(".venv-bench/bin/python"))
        subprocess.run([_text(MADE_WITH), "-m", "venv", "--clear", ".venv-bench"], check=True)
        step("Installing the benchmark’s peers into .venv-bench", python, *PIP, "-r", str(wanted))
        INSTALLED_BENCH.touch()


def _refuse_unfit(python: str) -> None:
    oldest = ".".join(map(str, OLDEST))
    if not _succeeds(python, f"import sys; sys.exit(sys.version_info < {OLDEST})"):
        name = "name another: make PYTHON=python3.12"
        sys.exit(f"missiongraph needs Python {oldest} or newer, and {python} is not ({name})")
    if not _succeeds(python, "import ensurepip, venv"):
        sys.exit(f"{python} lacks the module venv (on Debian and Ubuntu: apt install python3-venv)")


def _succeeds(python: str, code: str) -> bool:
    try:
        return subprocess.run([python, "-c", code], stderr=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False


def _is_due(stamp: Path, inputs: Iterable[Path]) -> bool:
    """Whether one of *inputs* is newer than *stamp*."""
    return not stamp.exists() or any(file.stat().st_mtime > stamp.stat().st_mtime for file in inputs)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip() if file.is_file() else ""


STAMPS = {
    str(MADE_IN): environment,
    str(INSTALLED): installed,
    str(INSTALLED_TESTS): installed_tests,
    str(INSTALLED_BENCH): installed_bench,
}

if __name__ == "__main__":
    try:
        STAMPS[sys.argv[1]]()
    except KeyboardInterrupt:
        sys.exit(130)

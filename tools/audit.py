"""``make audit``: ask the registers of known weaknesses about all locked dependencies, by pip-audit and npm audit.

It ends with 1 if one is known. What could not be asked is said by name, as loudly, and is no failure: where there is no
network, or an index without such data, nobody would otherwise notice that nothing was asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.environment import PIP

_ENVIRONMENT = Path("build/audit")
_PYTHON = str(_ENVIRONMENT / "bin/python")
_SECONDS = 300


class Unasked(Exception):
    """Nothing could be asked, and why."""


@dataclass(frozen=True)
class Answer:
    """Weaknesses that are *known*, the packages that could not be asked about, and how many could."""

    known: list[str]
    unasked: list[str]
    asked: int


def audit() -> bool:
    """Ask about Python packages and npm packages; whether no weakness is known."""
    held = True
    for name, ask in (("requirements.lock", of_python), ("requirements-test.lock", of_python), ("front/", of_npm)):
        try:
            found = ask(name)
        except Unasked as reason:
            print(f"NOT AUDITED: {name}: {reason}", flush=True)
            continue
        for line in found.known:
            print(f"KNOWN WEAKNESS: {name}: {line}", flush=True)
        if found.unasked:
            print(f"NOT AUDITED: {name}: {len(found.unasked)} packages:", ", ".join(found.unasked), flush=True)
        print(f"{name}: {len(found.known)} known weaknesses among {found.asked} packages", flush=True)
        held = held and not found.known
    return held


def of_python(lock: str) -> Answer:
    """What is known of what *lock* pins.

    :raises Unasked: pip-audit cannot be had, or has no answer
    """
    if not Path(_PYTHON).exists():
        _run([sys.executable, "-m", "venv", str(_ENVIRONMENT)])
    _run([_PYTHON, *PIP, "pip-audit>=2.9"])
    options = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    return python_answer(_answer([_PYTHON, "-m", "pip_audit", *options, "--requirement", lock]))


def python_answer(said: Any) -> Answer:
    """What pip-audit says; packages that its index does not know it calls skipped, and succeeds."""
    known = [
        f"{one['name']} {one['version']}: {weakness['id']}, repaired in {', '.join(weakness['fix_versions']) or 'none'}"
        for one in said["dependencies"]
        for weakness in one.get("vulns", [])
    ]
    unasked = [one["name"] for one in said["dependencies"] if "skip_reason" in one]
    return Answer(known, unasked, len(said["dependencies"]) - len(unasked))


def of_npm(folder: str) -> Answer:
    """What is known of what the lock in *folder* pins.

    :raises Unasked: there is no npm, or its registry has no such data
    """
    return npm_answer(_answer(["npm", "audit", "--json", "--package-lock-only"], folder))


def npm_answer(said: Any) -> Answer:
    """What npm audit says.

    :raises Unasked: it says that it could not ask
    """
    if "vulnerabilities" not in said:
        raise Unasked(str(said.get("message") or said.get("error") or "no answer"))
    known = [f"{name}: {one['severity']} ({one['range']})" for name, one in said["vulnerabilities"].items()]
    return Answer(known, [], said["metadata"]["dependencies"]["total"])


def _answer(command: Sequence[str], folder: str = ".") -> Any:
    said = _run(command, folder, must_succeed=False)
    try:
        return json.loads(said.stdout)
    except ValueError:
        raise Unasked(_last_line(said.stderr or said.stdout)) from None


def _run(command: Sequence[str], folder: str = ".", *, must_succeed: bool = True) -> subprocess.CompletedProcess[str]:
    """Run *command*; both tools end with 1 for weaknesses too, so that their answer decides."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        said = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unasked(str(error)) from None
    if must_succeed and said.returncode:
        raise Unasked(_last_line(said.stderr or said.stdout))
    return said


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no answer"])[-1]


if __name__ == "__main__":
    sys.exit(0 if audit() else 1)

"""How long the command takes to tell of itself."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

from bench.measures import Row


def told(option: str, rounds: int, target: float) -> Row:
    """The processor time of ``missiongraph OPTION``, which hardly depends on what else the machine does.

    :param target: milliseconds that the median may take
    """
    times = sorted(_milliseconds(option) for _ in range(rounds))
    median = statistics.median(times)
    notes = f"processor time, {rounds} times, {times[0]:.0f} to {times[-1]:.0f} ms"
    return Row(f"missiongraph {option}", f"{median:.0f} ms", f"{target:g} ms", median / target, 1, False, notes=notes)


def _milliseconds(option: str) -> float:
    before = os.times()
    subprocess.run([sys.executable, "-m", "missiongraph", option], check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return spent * 1000

"""``make fuzz``: so many inputs made up at random (``COUNT``), and a report of what came of them.

``python -m tools.fuzz [COUNT] [NAME…]`` takes only targets whose names hold one of NAME. The server is asked on two
publications, that of odd names and ours. What failed is kept in ``build/fuzz`` and tried first the next time; each find
belongs into a test beside what it broke.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from hypothesis.database import DirectoryBasedExampleDatabase

from tests.conftest import ODD, ROOT, serving
from tests.fuzz.client import Client
from tests.fuzz.targets import SECONDS, TOTAL_SECONDS, Found, Target, of_files, of_server, run
from tests.limits import limited

_COUNT = 100_000
_KEPT = Path("build/fuzz")

#: Inputs between two looks at the failures; hypothesis keeps in memory what it has tried.
_ROUND = 5_000


def fuzz(count: int, names: Sequence[str]) -> bool:
    """Try *count* inputs and report; whether all held."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as servers:
        folder = Path(name)
        targets = of_files(folder)
        for source in (ODD, ROOT):
            build = limited(folder / source.name, source=source, seconds=SECONDS, total_seconds=TOTAL_SECONDS)
            site = servers.enter_context(serving(build))
            client = servers.enter_context(closing(Client(site.base_url.port or 80)))
            targets += of_server(client, f" ({build.settings.stem})")
        targets = [t for t in targets if not names or any(one.lower() in t.name.lower() for one in names)]
        shares = sum(target.share for target in targets)
        print(f"{'target':45} {'inputs':>7} {'seconds':>8} {'longest':>8}  outcomes", flush=True)
        held = [_tried(target, count * target.share // shares) for target in targets]
        return all(held)


def _tried(target: Target, count: int) -> bool:
    """Try *count* inputs of *target* in rounds, until one fails, and print a line."""
    started, found, done = time.monotonic(), Found(), 0
    while done < count and not found.failures:
        one = run(target, min(_ROUND, count - done), DirectoryBasedExampleDatabase(_KEPT))
        found.outcomes += one.outcomes
        found.longest = max(found.longest, one.longest)
        found.failures = one.failures
        done += _ROUND
    outcomes = ", ".join(f"{outcome} {number}" for outcome, number in found.outcomes.most_common())
    seconds = time.monotonic() - started
    print(f"{target.name:45} {found.outcomes.total():7} {seconds:8.0f} {found.longest:8.2f}  {outcomes}", flush=True)
    for failure in found.failures:
        print(f"\nFAILED: {target.name}: {failure}\n", flush=True)
    return not found.failures


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    wanted = [argument for argument in sys.argv[1:] if not argument.isdigit()]
    sys.exit(0 if fuzz(numbers[0] if numbers else _COUNT, wanted) else 1)

"""``make dist``: sdist, wheel and its list of parts in ``dist/``, and the wheel tried in an empty environment.

The same sources give the same bytes; SOURCE_DATE_EPOCH sets the date that hatchling gives to files in both.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from tools.environment import PIP, PYTHON
from tools.sbom import write_sbom
from tools.step import step

DIST, EMPTY = Path("dist"), Path("build/dist-check")


def dist() -> None:
    """Make both; the wheel is made of the sdist, so that what the sdist lacks is seen."""
    for folder in (DIST, EMPTY):
        shutil.rmtree(folder, ignore_errors=True)
    step("Making the sdist", PYTHON, "-m", "hatchling", "build", "--target", "sdist")
    (source,) = DIST.glob("*.tar.gz")
    pip = (PYTHON, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    step("Making the wheel of it", *pip, "--wheel-dir", str(DIST), str(source))
    (wheel,) = DIST.glob("*.whl")
    step("Making an empty environment", PYTHON, "-m", "venv", str(EMPTY))
    step("Installing the wheel", str(EMPTY / "bin/python"), *PIP, str(wheel))
    for argument in ("--help", "validate"):  # from there, so that the packaged publication is the one
        subprocess.run(["bin/missiongraph", argument], cwd=EMPTY, check=True)
    for file in (source, wheel, write_sbom(wheel)):
        print(file, f"{file.stat().st_size:,} bytes", f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    dist()

"""``make release VERSION=1.2.0``: everything that a release of the software needs, in one go.

It checks that the tree is clean and that every file which tells the version tells this one, runs the tests, makes
sdist, wheel and SBOM (``tools/dist.py``), and writes the notes from the changelog to ``dist/NOTES.md``. It changes
nothing and publishes nothing: its last lines say which commands do.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.dist import DIST, dist
from tools.step import step

ROOT = Path(__file__).parents[1]

#: Where each file tells the version.
_TOLD = {
    "pyproject.toml": re.compile(r'^version = "(.+)"$', re.MULTILINE),
    "CITATION.cff": re.compile(r"^version: (.+)$", re.MULTILINE),
}


def versions(root: Path = ROOT) -> dict[str, str]:
    """The version that each file tells."""
    told = {name: pattern.findall((root / name).read_text("utf-8"))[0] for name, pattern in _TOLD.items()}
    return told | {"codemeta.json": json.loads((root / "codemeta.json").read_text("utf-8"))["version"]}


def notes(version: str, changelog: str) -> str:
    """The section of *version* in *changelog*, without its heading; empty where there is none."""
    found = re.search(rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    return found[1].strip() + "\n" if found and found[1].strip() else ""


def obstacles(version: str, root: Path = ROOT) -> Iterator[str]:
    """What stands against a release of *version*, a sentence each."""
    if not re.fullmatch(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?", version):
        yield f"“{version}” is no version such as 1.2.0"
    for name, told in versions(root).items():
        if told != version:
            yield f"{name} says version {told}: write {version}"
    if not notes(version, (root / "CHANGELOG.md").read_text("utf-8")):
        yield f"CHANGELOG.md has no section [{version}]: give [Unreleased] its number and day"
    git = ("git", "-C", str(root))
    if subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True).stdout:
        yield "the tree has changes that are not committed: commit them"
    if subprocess.run([*git, "tag", "--list", f"v{version}"], capture_output=True, text=True, check=True).stdout:
        yield f"there is a tag v{version}: take another number"


def release(version: str) -> int:
    """Check all, make all; 1 where something stands against it."""
    if found := list(obstacles(version)):
        print(*(f"not released: {sentence}" for sentence in found), sep="\n", file=sys.stderr)
        return 1
    for target in ("test", "conformance", "audit"):
        step(f"make {target}", "make", target)
    dist()
    (DIST / "NOTES.md").write_text(notes(version, (ROOT / "CHANGELOG.md").read_text("utf-8")), "utf-8")
    print(f"\nAll is in {DIST}/. To publish it:")
    print(f"  git tag --sign v{version} --file {DIST}/NOTES.md && git push origin v{version}")
    print(f"  python -m twine upload {DIST}/*.whl {DIST}/*.tar.gz")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("name the version: make release VERSION=1.2.0")
    sys.exit(release(sys.argv[1]))

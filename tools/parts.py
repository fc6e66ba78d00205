"""The parts of an installation, as the lock files name them, with the licence of each.

``python -m tools.parts`` writes ``LICENCES.md``; ``tools/sbom.py`` makes a list for programs of the same.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
LICENCES = ROOT / "LICENCES.md"

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)((?:[^\\\n]|\\\n)*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

#: What packages without an SPDX expression write, and what they mean by it. Where a family is named and not its
#: member, the text of the licence in the package was read.
_MEANT = {
    "Apache 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD 3-Clause OR Apache-2.0": "BSD-3-Clause OR Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "W3C-20150513": "W3C-20150513",
}

#: Licences that a part may have: all permit use, change and sale; MPL-2.0 asks for changes of its own files only.
PERMISSIVE = frozenset(
    [
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "MIT",
        "MPL-2.0",
        "OFL-1.1",
        "PSF-2.0",
        "W3C-20150513",
    ]
)


@dataclass(frozen=True)
class Part:
    """A package of PyPI or npm.

    :ivar licence: an SPDX expression; of a package that is not installed here, an empty one
    :ivar hashes: those of its files that the lock allows, in hexadecimal
    """

    ecosystem: str
    name: str
    version: str
    licence: str
    algorithm: str
    hashes: tuple[str, ...]

    @property
    def purl(self) -> str:
        """The package URL."""
        return f"pkg:{self.ecosystem}/{self.name.replace('@', '%40')}@{self.version}"


def parts() -> list[Part]:
    """All parts, those of Python first."""
    return [*_of_python(), *_of_npm()]


def _of_python() -> Iterator[Part]:
    for name, version, rest in _PIN.findall((ROOT / "requirements.lock").read_text("utf-8")):
        yield Part("pypi", name, version, licence_of(name), "SHA-256", tuple(_HASH.findall(rest)))


def _of_npm() -> Iterator[Part]:
    locked = json.loads((ROOT / "front/package-lock.json").read_text("utf-8"))["packages"]
    for place, entry in sorted(locked.items()):
        if place and not entry.get("dev"):
            name = place.rpartition("node_modules/")[2]
            digests = [digest.removeprefix("sha512-") for digest in entry["integrity"].split()]
            hashes = tuple(base64.b64decode(digest).hex() for digest in digests)
            yield Part("npm", name, entry["version"], entry["license"], "SHA-512", hashes)


def licence_of(name: str) -> str:
    """What the installed package *name* says of its licence, in SPDX; "" if there is nothing or no package."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    text = next((said[key] for key in ("License-Expression", "License") if key in said), "")
    if text and "\n" not in text and len(text) < 60:
        return _MEANT.get(text, text)
    kinds = [line.split(" :: ")[-1] for line in said.get_all("Classifier") or () if line.startswith("License ::")]
    return " OR ".join(_MEANT.get(kind, kind) for kind in kinds)


def text() -> str:
    """``LICENCES.md``."""
    lines = [
        "# Licences of all parts",
        "",
        "Written by `python -m tools.parts` after the lock files; a test holds it against them. missiongraph itself is "
        "under [Apache-2.0](LICENSE). Texts of the licences come with each part: Python packages bring theirs in their "
        "`.dist-info`, what is taken from npm has it beside it under `web/static/vendor/`.",
        "",
        "| part | version | from | licence |",
        "|---|---|---|---|",
        *(f"| {part.name} | {part.version} | {part.ecosystem} | {part.licence} |" for part in parts()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    LICENCES.write_text(text(), "utf-8")

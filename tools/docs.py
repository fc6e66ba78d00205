"""``make docs``: the documentation as one site of files with search, in ``build/docs/``.

The sources are the documents of the repository. They link to each other as files; a link to a file that is no page of
the site, such as a module, becomes its text. Sphinx takes every other link that leads nowhere for an error.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "build" / "docs"

#: Documents outside ``docs/`` that are pages too, and where on the site they lie.
PROJECT = {
    "ARCHITECTURE.md": "project/architecture.md",
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "LICENCES.md": "project/licences.md",
    "SECURITY.md": "project/security.md",
    "bench/CRAWL.md": "project/crawl.md",
}

_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")


def pages() -> dict[Path, Path]:
    """The file of each page, by its place on the site."""
    own = {file.relative_to(ROOT / "docs"): file for file in sorted((ROOT / "docs").rglob("*.md"))}
    return own | {Path(place): ROOT / name for name, place in PROJECT.items() if (ROOT / name).exists()}


def staged(file: Path, places: dict[Path, Path]) -> str:
    """The text of the page of *file* with its links as they are on the site.

    :param places: the place on the site of each file that is a page or a picture
    """
    up = "../" * (len(places[file].parts) - 1)

    def link(found: re.Match[str]) -> str:
        picture, text, target, anchor = found[1], found[2], found[3], found[4] or ""
        there = places.get((file.parent / target).resolve())
        if there is None:
            return text
        return f"{picture}[{text}]({up}{there.as_posix()}{anchor})"

    return _LINK.sub(link, file.read_text("utf-8"))


def stage(folder: Path) -> None:
    """Write what Sphinx reads to *folder*."""
    pictures = {file: file.relative_to(ROOT / "docs") for file in (ROOT / "docs" / "images").iterdir()}
    places = {file.resolve(): place for place, file in pages().items()} | pictures
    for file, place in places.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if file in pictures:
            shutil.copyfile(file, target)
        else:
            target.write_text(staged(file, places), "utf-8")
    shutil.copyfile(ROOT / "docs" / "conf.py", folder / "conf.py")


def build(site: Path) -> int:
    """Build the site in the folder *site*, which is emptied first. Returns 0, or 1 where something is wrong."""
    from sphinx.cmd.build import build_main

    shutil.rmtree(site, ignore_errors=True)
    sources = site.with_name(site.name + "-source")
    shutil.rmtree(sources, ignore_errors=True)
    stage(sources)
    strict = ("-q", "-W", "--keep-going", "-d", str(sources / ".doctrees"))
    return int(build_main(["-b", "html", *strict, str(sources), str(site)]))


if __name__ == "__main__":
    wanted = Path(sys.argv[1]) if len(sys.argv) > 1 else BUILT
    if status := build(wanted):
        sys.exit(status)
    print(f"open {wanted / 'index.html'}")

"""Writes an export: the files of the registry by several processes, then assets, the page for 404, and host rules."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib.resources import as_file, files
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import quote, urlsplit

from missiongraph.build import Build
from missiongraph.errors import ExportError, Problem, written_to
from missiongraph.export.file_names import Addresses, Item, displaced, items_of
from missiongraph.export.hosting import rules
from missiongraph.rdf.format_limits import CannotCarry
from missiongraph.web.context.site import Site
from missiongraph.web.http.problems import NothingThere
from missiongraph.web.http.registry import HTML_TYPE, Variant
from missiongraph.web.http.respond import policy
from missiongraph.web.pages.problem_page import problem_page
from missiongraph.web.serving.application import FAMILIES

#: The file that lists the files of an export; the next export into the same folder may replace and remove these.
LISTING = ".missiongraph-export"

#: The number of files that a process writes at a time.
_PORTION = 40

_LINKED_TEXT = ("application/xml", "application/atom+xml")
_CHARSET = '<meta charset="utf-8">'

Notify = Callable[[str], None]


def export_site(build: Build, out: Path, *, warn: Notify, progress: Notify) -> int:
    """Writes the site of *build* into *out*, and returns the number of files.

    It replaces an earlier export in *out*, and leaves other files as they are.

    :param warn: called with a sentence for links that no file can answer and documents that a format cannot carry
    :param progress: called with the present step, in words
    :raises ExportError: *out* cannot be written, or has a file of a needed name that is not of an export
    """
    site = Site(build, static=True)
    progress("addresses")
    items = items_of(site)
    with written_to(out, ExportError), _temporary(out) as folder:
        failures, outside = _write_all(site, items, folder, progress)
        for position in failures:
            _unlink(items[position], items, folder)
        _write_assets(folder / "static")
        _write_beside(site, items, folder)
        written = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
        _replace(folder, out, written)
    for position, why in failures.items():
        warn(f"{items[position].file} is left out: {why}")
    for text in displaced(items):
        warn(text)
    services = sorted({address.partition("?")[0] for address in outside})
    if services:
        warn(f"links to {', '.join(services)} lead to {site.root}, since files cannot answer them")
    return len(written)


@contextmanager
def _temporary(out: Path) -> Iterator[Path]:
    out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".exporting-", dir=out))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _replace(folder: Path, out: Path, written: list[str]) -> None:
    """Moves the *written* files from *folder* to *out*, and removes the other files of the previous export.

    :raises ExportError: *out* has a file of one of these names that is not of an export
    """
    listing = out / LISTING
    before = set(listing.read_text("utf-8").splitlines()) if listing.is_file() else set()
    for name in written:
        if name not in before and (out / name).exists():
            advice = "move it away, or choose another --out"
            raise ExportError(Problem(f"{out / name} is there already, and not from an export", advice=advice))
    for name in before - set(written):
        (out / name).unlink(missing_ok=True)
        _remove_empty(out, (out / name).parent)
    for name in written:
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (folder / name).replace(target)
    listing.write_text("".join(f"{name}\n" for name in written), "utf-8")


def _remove_empty(out: Path, folder: Path) -> None:
    while folder != out and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _write_all(site: Site, items: list[Item], folder: Path, progress: Notify) -> tuple[dict[int, str], set[str]]:
    """Writes the files of the registry.

    Returns why files could not be written, by the position of their item, and the linked addresses without a file.
    """
    portions = range(0, len(items), _PORTION)
    failures: dict[int, str] = {}
    outside: set[str] = set()
    processes = min(len(os.sched_getaffinity(0)), len(portions))
    context = get_context("spawn")  # a forked process would lack the threads of the store
    arguments = (site.build.folder, folder)
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_Writer.begin, initargs=arguments) as pool:
        for number, (failed, unanswered) in enumerate(pool.map(_write_portion, portions)):
            progress(f"{min((number + 1) * _PORTION, len(items))} of {len(items)} files")
            failures |= failed
            outside |= unanswered
    return failures, outside


class _Writer:
    """Writes files; each process has one, as ``_Writer.current``."""

    current: _Writer

    def __init__(self, build: Path, folder: Path) -> None:
        self.site = Site(Build.open(build), static=True)
        self.items = items_of(self.site)
        self.addresses = Addresses.of(self.site, self.items)
        self.folder = folder

    @classmethod
    def begin(cls, build: Path, folder: Path) -> None:
        """Makes the writer of this process."""
        cls.current = cls(build, folder)

    def write(self, item: Item) -> None:
        """Writes the file of *item*.

        :raises CannotCarry: its format cannot express the statements
        """
        family = FAMILIES[item.family]
        variant = item.variant
        body = family.render(self.site, item.member, variant)
        if isinstance(body, Iterator):
            body = b"".join(body)
        target = self.folder / item.file
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(body, Path):
            shutil.copyfile(body, target)
        elif variant.is_page:
            text = self.addresses.absolute(self.addresses.relative(body.decode(), item.file))
            target.write_text(with_policy(text, family.scripts), "utf-8")
        elif variant.media_type in _LINKED_TEXT:
            target.write_text(self.addresses.absolute(body.decode()), "utf-8")
        else:
            target.write_bytes(body)


def _write_portion(start: int) -> tuple[dict[int, str], set[str]]:
    writer, failures = _Writer.current, {}
    for position, item in enumerate(writer.items[start : start + _PORTION], start):
        try:
            writer.write(item)
        except CannotCarry as error:
            failures[position] = str(error)
    return failures, writer.addresses.outside


def _unlink(missing: Item, items: Iterable[Item], folder: Path) -> None:
    """Removes the links to a file that could not be written from the pages of its member."""
    link = rf'href="[^"]*{re.escape(quote(missing.file.rpartition("/")[2]))}"'
    for item in items:
        if item.member == missing.member and item.variant.is_page:
            page = folder / item.file
            text = re.sub(rf"\s*<link [^>]*{link}>", "", page.read_text("utf-8"))
            page.write_text(re.sub(rf"<a {link}[^>]*>(.*?)</a>", r"\1", text), "utf-8")


def with_policy(page: str, scripts: tuple[str, ...] = ()) -> str:
    """*page* with its content security policy as an element of the page, since a file host may send no such header."""
    return page.replace(
        _CHARSET, f'{_CHARSET}\n    <meta http-equiv="Content-Security-Policy" content="{policy(scripts)}">', 1
    )


def _write_assets(folder: Path) -> None:
    with as_file(files("missiongraph.web") / "static") as source:
        shutil.copytree(source, folder)


def _write_beside(site: Site, items: Iterable[Item], folder: Path) -> None:
    """Writes the page for 404, in the first language, and the configuration of hosts."""
    addresses = Addresses.of(site, items)
    prefix = urlsplit(site.settings.public_url).path if site.settings.public_url else "/"
    variant = Variant(HTML_TYPE, "html", "HTML", site.languages[0])
    page = problem_page(site, variant, NothingThere(), None)
    page = re.sub(r"\s*<link rel=\"(?:canonical|alternate)\"[^>]*>|\s*<meta property=\"og:url\"[^>]*>", "", page)
    (folder / "404.html").write_text(with_policy(addresses.rooted(page, prefix)), "utf-8")
    types = {item.file.rpartition(".")[2]: item.variant.media_type for item in items if "." in item.file}
    for name, text in rules(site.languages, types, prefix).items():
        (folder / name).write_text(text, "utf-8")

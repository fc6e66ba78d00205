"""A checker of the links of a folder of pages: each must lead to a file, and each fragment to an element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

ATTRIBUTES = ("href", "src", "action", "srcset", "poster", "data")


def links_of(page: Path) -> Iterator[str]:
    """Every link of *page* that is no address of its own elsewhere."""
    for node in LexborHTMLParser(page.read_text("utf-8")).css(",".join(f"[{name}]" for name in ATTRIBUTES)):
        for name in ATTRIBUTES:
            link = node.attributes.get(name)
            if link and not urlsplit(link).scheme:
                yield link
    for link in re.findall(r"url\(([^)]+)\)", page.read_text("utf-8")):
        yield link.strip("\"'")


@cache
def anchors_of(page: Path) -> frozenset[str]:
    found = LexborHTMLParser(page.read_text("utf-8")).css("[id]")
    return frozenset(node.attributes["id"] or "" for node in found)


def broken_links(root: Path) -> list[str]:
    """What is wrong with the links of the pages and style sheets below *root*.

    The page for what is not there is shown at any address, so its links begin at the root; no others may.
    """
    faults = []
    for page in sorted([*root.rglob("*.html"), *root.rglob("*.css")]):
        for link in sorted(set(links_of(page))):
            path, _, fragment = link.partition("#")
            path = unquote(path.partition("?")[0])
            from_root = page == root / "404.html" and path.startswith("/")
            target = (root / path.lstrip("/") if from_root else page.parent / path if path else page).resolve()
            where = f"{page.relative_to(root)}: {link}"
            if path.startswith("/") and not from_root:
                faults.append(f"{where} depends on the host")
            elif not target.is_relative_to(root.resolve()) or not target.is_file():
                faults.append(f"{where} leads nowhere")
            elif fragment and target.suffix == ".html" and not {fragment, unquote(fragment)} & anchors_of(target):
                faults.append(f"{where} has no such part")
    return faults

"""Decides which file of an export stands for which address, and rewrites links to lead to files.

Files are named as servers name variants: ``doc/x.html`` in the first language, ``doc/x.it.html`` in another,
``doc/x.ttl``. Addresses with parameters get files under ``by/``. A name that some file system cannot hold, or takes for
the same as another one, is replaced by a hash; links lead to that file.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import escape, unescape
from mimetypes import guess_extension
from urllib.parse import parse_qsl, quote, unquote

from missiongraph.publication.addresses import PARAMETERS
from missiongraph.web.content.layout.page_frame import LOCAL_QUERY
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Member, Variant
from missiongraph.web.serving.application import FAMILIES

#: The stem of the file for an address that ends in a slash.
INDEX = "index"

#: Names at the root of an export that no address may get.
RESERVED = ("static", "404.html", ".htaccess", ".nojekyll", "nginx.conf", "_redirects", "_headers")

_PARAMETERS = "by"
_UNSAFE = re.compile(r"[^\w\-.~!$'()+,;=@& ]")
_LONGEST, _LONGEST_PATH = 120, 900
#: Names that Windows keeps for devices, whatever follows a dot.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
_LINK = re.compile(r'(?<=[\s])(href|src|action)="(/[^"]*)"')
_SERVICE = "sparql"
_SAFE = "/-._~!$'()*+,;=:@"


@dataclass(frozen=True)
class Item:
    """A file to write.

    :ivar family: the number of the page family in the registry
    :ivar wanted: the file that a host looks for at the address of the member; ``None`` if it has parameters
    """

    family: int
    member: Member
    variant: Variant
    file: str
    wanted: str | None = None


def items_of(site: Site) -> list[Item]:
    """The files of an export, in the order of the registry. An address of several families belongs to the first."""
    names = _Names()
    seen: set[str] = set()
    items: list[Item] = []
    for number, family in enumerate(FAMILIES):
        for member in family.members(site):
            if member.address() in seen:
                continue
            seen.add(member.address())
            items += _items(number, member, family.variants(site, member), site.languages[0], names)
    return items


def _items(
    number: int, member: Member, variants: Iterable[Variant], first_language: str, names: _Names
) -> Iterator[Item]:
    endings = {variant: _ending(member, variant, first_language) for variant in variants}
    stem = names.free(_stem(member), set(endings.values()))
    for variant, ending in endings.items():  # the links of a page keep its language, but for the first one
        explicit = variant.is_page and variant.language != first_language
        wanted = None if member.arguments else f"{unquote(_path(member))}{ending}"
        yield Item(number, member, replace(variant, explicit=explicit), f"{stem}{ending}", wanted)


def displaced(items: Iterable[Item]) -> Iterator[str]:
    """Warnings: a sentence for each resource whose page a file host does not find at its address, with the reason."""
    pages = {_folded(item.file): item.member for item in items if item.variant.is_page}
    named = (item for item in items if item.wanted is not None and item.variant.is_page and item.member.iri)
    for item in {item.member: item for item in reversed(list(named))}.values():
        if item.file == item.wanted:
            continue
        other = pages.get(_folded(item.wanted or ""))
        if item.member.query:
            why = "a host of files reads no query"
        elif other is not None and other != item.member:
            why = f"on some systems its own name is that of {other.iri or other.address()}"
        else:
            why = "no system, or not every one, has files of its name"
        yield f"{item.member.iri} is in the file {item.file}, and not found at its address: {why}"


def _ending(member: Member, variant: Variant, first_language: str) -> str:
    if variant.is_page:
        return ".html" if variant.language == first_language else f".{variant.language}.html"
    extension = variant.extension or (variant.format.extension if variant.format else "")
    if not extension and member.path.endswith("/"):  # a variant without an address of its own
        return guess_extension(variant.media_type) or ""
    return f".{extension}" if extension else ""


def _stem(member: Member) -> str:
    if member.arguments or member.query:
        values = [value for _, value in member.arguments] or [unquote(member.query)]
        words = "-".join(value.rstrip("/#").rpartition("#")[2].rpartition("/")[2] for value in values)
        return f"{_PARAMETERS}/{member.path.rstrip('/')}/{_UNSAFE.sub('-', words)[-60:]}-{_hash(member.address())}"
    stem = "/".join(map(_segment, _path(member).split("/")))
    return stem if len(stem.encode()) <= _LONGEST_PATH else f"{_PARAMETERS}/{_hash(stem)}"


def _path(member: Member) -> str:
    return member.path + INDEX if member.path.endswith("/") or not member.path else member.path


def _segment(sent: str) -> str:
    """The name of a file or folder for a part of a path, decoded as hosts do; a hash if some system cannot hold it."""
    part = unquote(sent)
    unfit = (
        _UNSAFE.search(part)
        or part.strip(". ") == ""
        or part.endswith((".", " "))
        or len(part.encode()) > _LONGEST
        or part.partition(".")[0].casefold() in _DEVICES
        or "\ufffd" in part
    )
    return f"~{_hash(sent if chr(0xFFFD) in part else part)}" if unfit else part


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class _Names:
    """The names in use. Some file systems ignore case and Unicode composition, so they are compared without these."""

    def __init__(self) -> None:
        self._files: set[str] = {*RESERVED}
        self._folders: set[str] = set()

    def free(self, stem: str, endings: set[str]) -> str:
        """*stem*, or a hash if files of that stem with *endings* would have the names of others; marks it as in use."""
        while not self._fits(stem, endings):
            stem = f"{stem}~{_hash(stem)}" if "~" not in stem else _hash(stem)
        self._files |= {_folded(f"{stem}{ending}") for ending in endings}
        self._folders |= set(_folders(_folded(stem)))
        return stem

    def _fits(self, stem: str, endings: set[str]) -> bool:
        names = {_folded(f"{stem}{ending}") for ending in endings}
        return not (names & self._files or names & self._folders or set(_folders(_folded(stem))) & self._files)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _folders(path: str) -> Iterator[str]:
    parts = path.split("/")[:-1]
    return ("/".join(parts[: count + 1]) for count in range(len(parts)))


@dataclass
class Addresses:
    """Maps addresses, as pages link to them, to files.

    :ivar files: the files by address and language
    :ivar root: the address of the site; links that begin with it are rewritten if it is *public*
    :ivar public: whether the settings state a public address
    :ivar outside: linked addresses of the site that have no file
    """

    files: dict[tuple[str, str], str]
    first_language: str
    root: str
    public: bool
    outside: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, site: Site, items: Iterable[Item]) -> Addresses:
        """The addresses of *items*; a page has one for each language."""
        files = {}
        for item in items:
            if item.variant.is_page:
                files[item.member.address(), item.variant.language or ""] = item.file
            else:
                files[item.member.address(item.variant.extension), ""] = item.file
        return cls(files, site.languages[0], site.root, site.settings.public_url is not None)

    def file_of(self, address: str) -> str | None:
        """The file for *address*, relative to the root, with a query and fragment if they still have a meaning.

        ``None`` if there is no such file.
        """
        path, hash_sign, fragment = address.partition("#")
        path, _, query = path.partition("?")
        asked = dict(parse_qsl(query, keep_blank_values=True))
        language = asked.get("lang", self.first_language)
        own = [
            one for one in query.split("&") if one.partition("=")[0] not in PARAMETERS
        ]  # without notes, which a script opens
        rest = ""
        if path in (_SERVICE, LOCAL_QUERY):
            path, rest, own = LOCAL_QUERY, _query(asked.get("query")), []
        key = "?".join(filter(None, (path, "&".join(own))))
        exported = self.files.get((key, language)) or self.files.get((key, ""))
        exported = exported or self.files.get((key, self.first_language))
        return f"{quote(exported, safe=_SAFE)}{rest}{hash_sign}{fragment}" if exported is not None else None

    def relative(self, text: str, file: str) -> str:
        """The page *text*, to be written to *file*, with relative links to files in the place of addresses."""
        up = "../" * file.count("/")

        def link(match: re.Match[str]) -> str:
            return f'{match[1]}="{escape(self._target(unescape(match[2])[1:], up))}"'

        return _LINK.sub(link, text)

    def rooted(self, text: str, prefix: str) -> str:
        """The page *text*, to be shown at any address, with links from the root of the host.

        :param prefix: the path of the export on its host, with slashes at both ends
        """
        return _LINK.sub(lambda m: f'{m[1]}="{escape(self._target(unescape(m[2])[1:], prefix))}"', text)

    def _target(self, address: str, up: str) -> str:
        if address.startswith("static/"):
            return up + address
        exported = self.file_of(address)
        if exported is None:
            self.outside.add(address)
            return self.root + address
        return up + exported

    def absolute(self, text: str) -> str:
        """*text* with its absolute links to the site replaced by the public addresses of files."""
        if not self.public:
            return text

        def link(match: re.Match[str]) -> str:
            found = self.file_of(unescape(match[2]))
            return match[0] if found is None else f"{match[1]}{self.root}{escape(found)}{match[3]}"

        return re.sub(rf"""((?:href|content)="|<loc>){re.escape(self.root)}([^"<]*)("|</loc>)""", link, text)


def _query(text: str | None) -> str:
    return "?query=" + quote(text, safe="") if text else ""

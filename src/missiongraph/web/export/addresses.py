"""Which file of an export stands for which address.

Files are named as servers name variants: ``doc/x.html`` in the first language, ``doc/x.it.html`` in another,
``doc/x.ttl``. What has parameters lies under ``by/``. A name that some file system could not hold, or would take for
another one, is replaced by its hash; links find it all the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import escape, unescape
from mimetypes import guess_extension
from urllib.parse import parse_qsl, quote, unquote

from missiongraph.web.application import FAMILIES
from missiongraph.web.frame import LOCAL_QUERY
from missiongraph.web.registry import Member, Variant
from missiongraph.web.site import Site

#: What a file of a page or a document is called after in a folder, where its address ends in a slash.
INDEX = "index"

#: Names at the root that belong to the export itself.
RESERVED = ("static", "404.html", ".htaccess", ".nojekyll", "nginx.conf", "_redirects", "_headers")

_PARAMETERS = "by"
_UNSAFE = re.compile(r"[^\w\-.~!$'()+,;=@& ]")
_LONGEST = 120
_LINK = re.compile(r'(?<=[\s])(href|src|action)="(/[^"]*)"')
_SERVICE = "sparql"
_SAFE = "/-._~!$'()*+,;=:@"


@dataclass(frozen=True)
class Item:
    """A file to write: a variant of a member of the family in that place of the registry."""

    family: int
    member: Member
    variant: Variant
    file: str


def items_of(site: Site) -> list[Item]:
    """Every file that the registry gives, in its order; an address that several families know belongs to the first."""
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
        yield Item(number, member, replace(variant, explicit=explicit), f"{stem}{ending}")


def _ending(member: Member, variant: Variant, first_language: str) -> str:
    if variant.is_page:
        return ".html" if variant.language == first_language else f".{variant.language}.html"
    extension = variant.extension or (variant.format.extension if variant.format else "")
    if not extension and member.path.endswith("/"):  # by negotiation only
        return guess_extension(variant.media_type) or ""
    return f".{extension}" if extension else ""


def _stem(member: Member) -> str:
    if member.arguments:
        words = "-".join(value.rstrip("/#").rpartition("#")[2].rpartition("/")[2] for _, value in member.arguments)
        return f"{_PARAMETERS}/{member.path.rstrip('/')}/{_UNSAFE.sub('-', words)[-60:]}-{_hash(member.address())}"
    path = member.path + INDEX if member.path.endswith("/") or not member.path else member.path
    return "/".join(_segment(part) for part in path.split("/"))


def _segment(part: str) -> str:
    """*part* as the name of a file or folder on any system."""
    unfit = _UNSAFE.search(part) or part.strip(". ") == "" or part.endswith((".", " ")) or len(part.encode()) > _LONGEST
    return f"~{_hash(part)}" if unfit else part


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class _Names:
    """Names that are taken, on systems that take ``a`` and ``A`` for the same."""

    def __init__(self) -> None:
        self._files: set[str] = {*RESERVED}
        self._folders: set[str] = set()

    def free(self, stem: str, endings: set[str]) -> str:
        """*stem*, or another one in its place, such that no file with one of *endings* meets another."""
        while not self._fits(stem, endings):
            stem = f"{stem}~{_hash(stem)}" if "~" not in stem else _hash(stem)
        self._files |= {f"{stem}{ending}".casefold() for ending in endings}
        self._folders |= set(_folders(stem.casefold()))
        return stem

    def _fits(self, stem: str, endings: set[str]) -> bool:
        names = {f"{stem}{ending}".casefold() for ending in endings}
        return not (names & self._files or names & self._folders or set(_folders(stem.casefold())) & self._files)


def _folders(path: str) -> Iterator[str]:
    parts = path.split("/")[:-1]
    return ("/".join(parts[: count + 1]) for count in range(len(parts)))


@dataclass
class Addresses:
    """From addresses, as pages link them, to files.

    :ivar root: the public address of the export, where it has one: links that spell it out are rewritten as well
    :ivar outside: addresses below the root that no file stands for
    """

    files: dict[tuple[str, str], str]
    first_language: str
    root: str
    public: bool
    outside: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, site: Site, items: Iterable[Item]) -> Addresses:
        """The addresses of *items*; those of pages lead to the page in the language that they ask for."""
        files = {}
        for item in items:
            if item.variant.is_page:
                files[_key(item.member.address()), item.variant.language or ""] = item.file
            else:
                files[_key(item.member.address(item.variant.extension)), ""] = item.file
        return cls(files, site.languages[0], site.root, site.settings.public_url is not None)

    def file_of(self, address: str) -> str | None:
        """The file for *address*, which is relative to the root, and its query and fragment where they still count."""
        path, hash_sign, fragment = address.partition("#")
        path, _, query = path.partition("?")
        asked = dict(parse_qsl(query, keep_blank_values=True))
        language = asked.pop("lang", self.first_language)
        asked.pop("evidence", None)  # the notes of a page open by script
        rest = ""
        if path == _SERVICE:
            path, rest = LOCAL_QUERY, _query(asked.pop("query", None))
            asked = {}
        elif path == LOCAL_QUERY:
            rest = _query(asked.pop("query", None))
        key = _key(path, asked)
        found = self.files.get((key, language)) or self.files.get((key, ""))
        found = found or self.files.get((key, self.first_language))
        return f"{quote(found, safe=_SAFE)}{rest}{hash_sign}{fragment}" if found is not None else None

    def relative(self, text: str, file: str) -> str:
        """The page *text*, which lies at *file*, with links to files in place of addresses."""
        up = "../" * file.count("/")

        def link(match: re.Match[str]) -> str:
            return f'{match[1]}="{escape(self._target(unescape(match[2])[1:], up))}"'

        return _LINK.sub(link, text)

    def rooted(self, text: str, prefix: str) -> str:
        """The same for a page that is shown at any address; *prefix* is the path of the root, with slashes."""
        return _LINK.sub(lambda m: f'{m[1]}="{escape(self._target(unescape(m[2])[1:], prefix))}"', text)

    def _target(self, address: str, up: str) -> str:
        if address.startswith("static/"):
            return up + address
        found = self.file_of(address)
        if found is None:
            self.outside.add(address)
            return self.root + address
        return up + found

    def absolute(self, text: str) -> str:
        """*text* with the public addresses of files in place of those that only a server with rules would know."""
        if not self.public:
            return text

        def link(match: re.Match[str]) -> str:
            found = self.file_of(unescape(match[2]))
            return match[0] if found is None else f"{match[1]}{self.root}{escape(found)}{match[3]}"

        return re.sub(rf"""((?:href|content)="|<loc>){re.escape(self.root)}([^"<]*)("|</loc>)""", link, text)


def _query(text: str | None) -> str:
    return "?query=" + quote(text, safe="") if text else ""


def _key(address: str, arguments: dict[str, str] | None = None) -> str:
    """An address in one spelling: the path decoded, the parameters in order."""
    path, _, query = address.partition("?")
    asked = sorted((arguments or dict(parse_qsl(query, keep_blank_values=True))).items())
    return unquote(path) + "".join(f"?{name}={value}" for name, value in asked)

"""Long documents as several pages, each light enough for a slow line; where they are cut depends on no language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from missiongraph.translation import message
from missiongraph.web.content.layout.reader import Reader
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Arguments, BadParameter, Member, Variant
from missiongraph.web.rendering.view_models import Section, Value
from missiongraph.web.rendering.view_models.entity import Paging

#: What the sections of one page may weigh by the measure below, which tells more than their bytes when compressed.
_MOST_WEIGHT = 28_000

#: What things weigh by measure, upwards: a section, a fact, a value, a file with its names and sizes, a checksum.
_SECTION, _FACT, _VALUE, _FILE, _CHECKSUM = 20, 4, 8, 90, 50

#: Letters of a text that come to a byte.
_LETTERS = 4

_NUMBER = re.compile("[1-9][0-9]{0,4}")

#: The parameter of a family whose documents may be several pages, and what it looks like.
PARAMETERS: Mapping[str, str] = {"page": message("Page of a long document, from 1")}
SCHEMAS: Mapping[str, Mapping[str, Any]] = {"page": {"type": "string", "pattern": f"^{_NUMBER.pattern}$"}}

Sections = Callable[[Reader], tuple[Section, ...]]


def weight(section: Section) -> int:
    """What *section* weighs on its page."""
    facts = [fact for group in section.groups for fact in group.facts]
    values = [*(value for fact in facts for value in fact.values), *filter(None, [section.lead])]
    told = sum(_VALUE * (1 + len(value.items)) + len(value.text + (value.aside or "")) // _LETTERS for value in values)
    files = sum(_FILE + sum(_CHECKSUM + _VALUE for _ in (file, *file.compressed)) for file in section.files)
    return _SECTION + _FACT * len(facts) + told + files


def cut(sections: Sequence[Section]) -> tuple[int, ...]:
    """How many of *sections* come before the end of each page."""
    ends, total = [0], 0
    for number, one in enumerate(map(weight, sections)):
        total += one
        if total > _MOST_WEIGHT and number > ends[-1]:
            ends.append(number)
            total = one
    return (*ends[1:], len(sections))


def split(sections: Sequence[Section]) -> tuple[Section, ...]:
    """*sections*, those with many files as several."""
    most = _MOST_WEIGHT // (2 * (_FILE + 3 * (_CHECKSUM + _VALUE)))
    found: list[Section] = []
    for section in sections:
        found.append(replace(section, files=section.files[:most]))
        for number, start in enumerate(range(most, len(section.files), most), start=2):
            files = section.files[start : start + most]
            found.append(Section(f"{section.id}-{number}", f"{section.title} ({number})", (), files=files))
    return tuple(found)


def ends_of(site: Site, member: Member, sections: Sections) -> tuple[int, ...]:
    """Where the pages of *member* end, whose *sections* are made for one reader to find out."""
    first = paged(member, 1).address()
    if first not in site.page_ends:
        site.page_ends[first] = cut(sections(Reader(site, Variant("text/html", "html", "HTML", site.languages[0]))))
    return site.page_ends[first]


def paged(member: Member, number: int) -> Member:
    """Another page of the document of *member*."""
    arguments = tuple((name, value) for name, value in member.arguments if name != "page")
    more = (("page", str(number)),) if number > 1 else ()
    return replace(member, arguments=(*arguments, *more), number=number)


def wanted(arguments: Arguments) -> int:
    """The number of the page that is asked for."""
    number = arguments.get("page", "1")
    if not _NUMBER.fullmatch(number):
        raise BadParameter("page", f"“{number}” is not a number from 1 to 99999")
    return int(number)


def pages(site: Site, member: Member, sections: Sections) -> Iterator[Member]:
    """The members that the document of *member* is, page by page."""
    return (paged(member, number + 1) for number in range(len(ends_of(site, member, sections))))


def page_of(reader: Reader, member: Member, sections: Sections) -> tuple[tuple[Section, ...], Paging | None]:
    """The sections on the page that *member* is, and the way to the others."""
    ends, number = ends_of(reader.site, member, sections), member.number
    start, end = (0, *ends)[number - 1 : number + 1]
    if len(ends) == 1:
        return sections(reader), None
    key, known = (paged(member, 1).address(), reader.language, reader.explicit), reader.site.long_documents
    whole = known[key] if key in known else known.setdefault(key, sections(reader))

    def address(number: int) -> str:
        return reader.href(paged(member, number).address())

    on_page = {section.id: page for page, last in reversed([*enumerate(ends, 1)]) for section in whole[:last]}
    shown = tuple(_linked(section, address, on_page, number) for section in whole[start:end])
    return shown, Paging.at(number, len(ends), address)


def _linked(section: Section, address: Callable[[int], str], on_page: Mapping[str, int], number: int) -> Section:
    """*section* on page *number*, its links to sections on other pages with the address of these."""

    def linked(value: Value) -> Value:
        fragment = value.href[1:] if value.href and value.href.startswith("#") else ""
        page = on_page.get(fragment, number)
        return value if page == number else replace(value, href=f"{address(page)}#{fragment}")

    groups = tuple(
        replace(group, facts=tuple(replace(fact, values=tuple(map(linked, fact.values))) for fact in group.facts))
        for group in section.groups
    )
    return replace(section, groups=groups)

"""Long documents in several pages, cut by weight, so that each loads over a slow line; all languages are cut alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from missiongraph.translation import message
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Arguments, BadParameter, Member, Variant
from missiongraph.web.rendering.view_models import Section, Value
from missiongraph.web.rendering.view_models.entity import Paging

#: Greatest weight of the sections of a page. The weight approximates their size in bytes when compressed.
_MOST_WEIGHT = 28_000

#: Weights of a section, a fact, a value, a file with its names and sizes, and a checksum. They were measured.
_SECTION, _FACT, _VALUE, _FILE, _CHECKSUM = 20, 4, 8, 90, 50

#: Characters of text that weigh one.
_LETTERS = 4

_NUMBER = re.compile("[1-9][0-9]{0,4}")

#: The query parameter of families with documents of several pages, and its JSON Schema.
PARAMETERS: Mapping[str, str] = {"page": message("Page of a long document, from 1")}
SCHEMAS: Mapping[str, Mapping[str, Any]] = {"page": {"type": "string", "pattern": f"^{_NUMBER.pattern}$"}}

Sections = Callable[[Reader], tuple[Section, ...]]


def weight(section: Section) -> int:
    """The weight of *section*."""
    facts = [fact for group in section.groups for fact in group.facts]
    values = [*(value for fact in facts for value in fact.values), *filter(None, [section.lead])]
    texts = sum(_VALUE * (1 + len(value.items)) + len(value.text + (value.aside or "")) // _LETTERS for value in values)
    files = sum(_FILE + sum(_CHECKSUM + _VALUE for _ in (file, *file.compressed)) for file in section.files)
    return _SECTION + _FACT * len(facts) + texts + files


def cut(sections: Sequence[Section]) -> tuple[int, ...]:
    """For each page, the number of *sections* up to its end."""
    ends, total = [0], 0
    for number, one in enumerate(map(weight, sections)):
        total += one
        if total > _MOST_WEIGHT and number > ends[-1]:
            ends.append(number)
            total = one
    return (*ends[1:], len(sections))


def split(sections: Sequence[Section]) -> tuple[Section, ...]:
    """*sections*, each one with many files split into several."""
    most = _MOST_WEIGHT // (2 * (_FILE + 3 * (_CHECKSUM + _VALUE)))
    found: list[Section] = []
    for section in sections:
        found.append(replace(section, files=section.files[:most]))
        for number, start in enumerate(range(most, len(section.files), most), start=2):
            files = section.files[start : start + most]
            found.append(Section(f"{section.id}-{number}", f"{section.title} ({number})", (), files=files))
    return tuple(found)


def ends_of(site: Site, member: Member, sections: Sections) -> tuple[int, ...]:
    """Where the pages of *member* end, as in `cut`. The sections in the default language decide."""
    first = paged(member, 1).address()
    if first not in site.page_ends:
        site.page_ends[first] = cut(sections(Reader(site, Variant("text/html", "html", "HTML", site.languages[0]))))
    return site.page_ends[first]


def paged(member: Member, number: int) -> Member:
    """The member for page *number* of the document of *member*."""
    arguments = tuple((name, value) for name, value in member.arguments if name != "page")
    more = (("page", str(number)),) if number > 1 else ()
    return replace(member, arguments=(*arguments, *more), number=number)


def page_number(arguments: Arguments) -> int:
    """The page number in the query parameter ``page``; 1 if it is missing.

    :raises BadParameter: if it is not a number from 1 to 99999
    """
    number = arguments.get("page", "1")
    if not _NUMBER.fullmatch(number):
        raise BadParameter("page", f"“{number}” is not a number from 1 to 99999")
    return int(number)


def pages(site: Site, member: Member, sections: Sections) -> Iterator[Member]:
    """A member for each page of the document of *member*."""
    return (paged(member, number + 1) for number in range(len(ends_of(site, member, sections))))


def page_of(reader: Reader, member: Member, sections: Sections) -> tuple[tuple[Section, ...], Paging | None]:
    """The sections on the page of *member*, and the links to the pages before and after."""
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
    """*section* on page *number*. Its links to sections on other pages get the addresses of those pages."""

    def linked(value: Value) -> Value:
        fragment = value.href[1:] if value.href and value.href.startswith("#") else ""
        page = on_page.get(fragment, number)
        return value if page == number else replace(value, href=f"{address(page)}#{fragment}")

    groups = tuple(
        replace(group, facts=tuple(replace(fact, values=tuple(map(linked, fact.values))) for fact in group.facts))
        for group in section.groups
    )
    return replace(section, groups=groups)

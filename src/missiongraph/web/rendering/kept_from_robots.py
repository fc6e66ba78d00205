"""What robots are kept from: addresses of which each page makes many more. robots.txt and ``nofollow`` share one list.

A robot that follows them finds queries in queries, filters in filters, and every page again in each language. What it
would learn by that is in the dumps.
"""

from __future__ import annotations

import html
import re

#: Beginnings of addresses below the root, as robots.txt writes them (RFC 9309, section 2.2.3). The first rule is for
#: robots that know no asterisk.
_BEGINNINGS = ("sparql?query=", "sparql?*query=", "search", "history?", "views/*?", "same?", "reconcile/")

#: Parameters that show what another address shows: chosen, sorted, in another language, with its evidence open.
_PARAMETERS = ("filter", "sort", "order", "lang", "evidence")

#: The rules, without ``Disallow: /``.
DISALLOWED = (*_BEGINNINGS, *(f"*?*{name}=" for name in _PARAMETERS))

_MULTIPLIES = re.compile("|".join(".*".join(map(re.escape, rule.split("*"))) for rule in DISALLOWED))

#: A link to an address with parameters, or to one that has them at once.
_LINK = re.compile(r'<a (?=[^>]*?href="/((?:search|reconcile/|[^"#?]*\?)[^"]*)")([^>]*)>')


def multiplies(address: str) -> bool:
    """Whether *address*, below the root, is kept from robots.

    >>> multiplies("doc/city/bologna"), multiplies("doc/city/bologna?lang=it")
    (False, True)
    """
    return _MULTIPLIES.match(address) is not None


def with_nofollow(page: str) -> str:
    """*page* with ``rel="nofollow"`` at the links that robots are kept from.

    >>> with_nofollow('<a href="/list?sort=x" rel="next">2</a> <a href="/list?class=x">all</a>')
    '<a href="/list?sort=x" rel="nofollow next">2</a> <a href="/list?class=x">all</a>'
    """
    return _LINK.sub(_marked, page)


def _marked(link: re.Match[str]) -> str:
    own = link[2]
    if "nofollow" in own or not multiplies(html.unescape(link[1])):
        return link[0]
    if 'rel="' in own:
        return "<a " + own.replace('rel="', 'rel="nofollow ', 1) + ">"
    return f'<a rel="nofollow" {own}>'

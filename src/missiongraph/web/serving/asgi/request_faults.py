"""What is wrong with the head of a request (RFC 9112): it is refused before anything else looks at it.

Servers and proxies that read such a request differently can be played off against each other (request smuggling). Most
of that the HTTP library refuses. Where a request has both Content-Length and Transfer-Encoding, it takes the length
away, reads the chunks, and closes the connection (section 6.3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from missiongraph.sparql.request import ProtocolError

#: A host with a port or none (RFC 3986, section 3.2.2): a name, or an address of IPv6 in brackets.
_HOST = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+;=%-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")


def check_head(version: str, headers: Mapping[bytes, bytes]) -> None:
    """Check the fields of a request.

    :param version: of HTTP, such as ``1.1``
    :param headers: values by names in lower case, those of a repeated field joined with commas
    :raises ProtocolError: 400 or 417
    """
    host = headers.get(b"host", b"")  # Granian states an empty one for none
    if not _is_host(host) and (host or version == "1.1"):
        raise ProtocolError(400, "a request has one Host, the name of a host (RFC 9112, section 3.2)")
    expected = headers.get(b"expect")
    if expected is not None and expected.lower() != b"100-continue":
        raise ProtocolError(417, "nothing but 100-continue can be expected (RFC 9110, section 10.1.1)")


@lru_cache(256)
def _is_host(host: bytes) -> bool:
    return _HOST.fullmatch(host) is not None

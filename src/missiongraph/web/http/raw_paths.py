"""The path of a request exactly as the client sent it. WSGI and ASGI decode the path that they give first."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import quote, urlsplit

from missiongraph.publication.addresses import as_sent, is_ours, loosely

#: Keys of the WSGI environment with the path as sent: of gunicorn, uWSGI, mod_wsgi, waitress and Werkzeug.
_RAW = ("RAW_URI", "REQUEST_URI")

#: First segments of our own paths, whatever follows.
_HEADS = ("id", "doc")


def sent_path(environ: Mapping[str, Any]) -> str:
    """The path of a WSGI request below the root of the application; encoded anew if the server has not kept it."""
    if "asgi.scope" in environ:
        return sent_path_of(environ["asgi.scope"])
    raw = next((environ[name] for name in _RAW if environ.get(name)), None)
    if raw is None:
        return quote(environ.get("PATH_INFO", "").encode("latin-1"))
    path = str(raw).partition("?")[0]
    if not path.startswith("/"):  # absolute-form (RFC 9112, section 3.2.2)
        path = urlsplit(path).path
    return as_sent(path.encode("latin-1").decode("utf-8", "surrogateescape")).removeprefix(
        quote(environ.get("SCRIPT_NAME", ""))
    )


def sent_path_of(scope: MutableMapping[str, Any]) -> str:
    """The path of an ASGI request below the root of the application."""
    raw = scope.get("raw_path")
    path = as_sent(raw.decode("utf-8", "surrogateescape")) if raw else quote(scope["path"])
    return path.removeprefix(quote(scope.get("root_path", "")))


def routed(path: str) -> str:
    """*path* as the routing rules match it: our own addresses normalised, paths of IRIs in the data unchanged."""
    below = path.lstrip("/")
    head, slash, rest = below.partition("/")
    if is_ours(below):
        return "/" + loosely(below)
    return f"/{loosely(head)}{slash}{rest}" if loosely(head) in _HEADS else path

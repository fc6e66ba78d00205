"""The rules of hosts of files: 303 from things to documents, media types, languages, the page for what is not there.

Apache negotiates by itself (``mod_negotiation``); nginx is told to take the first media type and language that a
request names and that there is; hosts that read ``_redirects`` and ``_headers`` know languages at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from missiongraph.serialisation.formats import QUAD_FORMATS, TRIPLE_FORMATS
from missiongraph.web.export.addresses import INDEX
from missiongraph.web.registry import HTML_TYPE
from missiongraph.web.respond import FRAMES

#: Media types of what belongs to the software, by extension.
_STATIC_TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "wasm": "application/wasm",
    "md": "text/markdown",
}
_NEGOTIATED = (*TRIPLE_FORMATS, *QUAD_FORMATS)
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer-when-downgrade",
    "Content-Security-Policy": FRAMES,
}


def rules(languages: Sequence[str], types: Mapping[str, str], prefix: str) -> dict[str, str]:
    """The files of rules by name.

    :param languages: of the pages, the first one being that of files without a language in their name
    :param types: media types of the exported files by extension
    :param prefix: path of the root on its host, with slashes at both ends
    """
    types = {**_STATIC_TYPES, **{f.extension: f.media_type for f in _NEGOTIATED}, **types, "html": HTML_TYPE}
    types = {extension: kind for extension, kind in sorted(types.items()) if extension not in languages}
    return {
        ".htaccess": _apache(languages, types),
        ".nojekyll": "",
        "nginx.conf": _nginx(languages, types, prefix),
        "_redirects": _redirects(languages, prefix),
        "_headers": _headers(types, prefix),
    }


def _typed(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _apache(languages: Sequence[str], types: Mapping[str, str]) -> str:
    """Needs ``AllowOverride All``, or these lines in the server's own configuration, and mod_rewrite."""
    first, *others = languages
    forms = {form.extension: position for position, form in enumerate(_NEGOTIATED)}
    kinds = [
        f'AddType "{kind};qs={1 - 0.05 * (forms[extension] + 1):.2f}" .{extension}'
        if extension in forms
        else f"AddType {kind} .{extension}"
        for extension, kind in types.items()
    ]
    asked = [
        line
        for language in others
        for line in (
            rf"RewriteCond %{{QUERY_STRING}} (?:^|&)lang={language}(?:&|$)",
            rf"RewriteCond %{{REQUEST_FILENAME}}.{language}.html -f",
            rf"RewriteRule ^(.+)$ $1.{language}.html [L]",
            rf"RewriteCond %{{QUERY_STRING}} (?:^|&)lang={language}(?:&|$)",
            rf"RewriteCond %{{REQUEST_FILENAME}}{INDEX}.{language}.html -f",
            rf"RewriteRule ^(.*/)?$ $1{INDEX}.{language}.html [L]",
        )
    ]
    lines = [
        "# Written by `missiongraph export`. Needs mod_rewrite, mod_negotiation, mod_mime, mod_dir and mod_headers.",
        "Options +MultiViews -Indexes",
        "DirectorySlash Off",
        f"DirectoryIndex {INDEX}",
        "AddDefaultCharset utf-8",
        "AddCharset utf-8 " + " ".join(f".{e}" for e, kind in types.items() if kind.startswith("text/")),
        *kinds,
        f"DefaultLanguage {first}",
        *(f"AddLanguage {language} .{language}" for language in others),
        "LanguagePriority " + " ".join(languages),
        "ForceLanguagePriority Prefer Fallback",
        "",
        "RewriteEngine On",
        "# where this folder is on its host",
        r"RewriteCond %{REQUEST_URI}::$1 ^(.*?/)(.*)::\2$",
        "RewriteRule ^(.*)$ - [E=BASE:%1]",
        "# a thing is not its document",
        "RewriteRule ^id/(.+)$ %{ENV:BASE}doc/$1 [R=303,L]",
        "# a folder that has a page of the same name, and one that is asked for without its slash",
        "RewriteCond %{REQUEST_FILENAME} -d",
        "RewriteCond %{REQUEST_FILENAME}.html -f",
        "RewriteRule ^(.+[^/])$ $1.html [L]",
        "RewriteCond %{REQUEST_FILENAME} -d",
        "RewriteRule ^(.+[^/])$ %{ENV:BASE}$1/ [R=308,L]",
        "# the language that an address asks for",
        f"RewriteCond %{{QUERY_STRING}} (?:^|&)lang={first}(?:&|$)",
        "RewriteCond %{REQUEST_FILENAME}.html -f",
        "RewriteRule ^(.+)$ $1.html [L]",
        *asked,
        "ErrorDocument 404 default",
        "RewriteCond %{ENV:REDIRECT_STATUS} ^$",
        "",
        "<IfModule mod_headers.c>",
        *(f'Header always set {name} "{value}"' for name, value in _HEADERS.items()),
        r'Header edit Content-Type ";\s*qs=[0-9.]+" ""',
        "</IfModule>",
    ]
    return "\n".join(lines) + "\n"


def _nginx(languages: Sequence[str], types: Mapping[str, str], prefix: str) -> str:
    """To be included in the ``http`` part of a configuration."""
    return ""


def _redirects(languages: Sequence[str], prefix: str) -> str:
    return ""


def _headers(types: Mapping[str, str], prefix: str) -> str:
    return ""

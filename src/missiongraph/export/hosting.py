"""Writes the configuration of file hosts: 303 from things to documents, media types, languages, the page for 404.

Apache negotiates by itself (``mod_negotiation``). nginx takes the first media type and the first language of a request
that are available. Hosts that read ``_redirects`` and ``_headers`` know languages at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from missiongraph.build.files.dumps import CHECKSUMS
from missiongraph.export.file_names import INDEX
from missiongraph.rdf.formats import RDF_FORMATS, TURTLE, Format, content_type
from missiongraph.web.content.layout.page_frame import LOCAL_QUERY
from missiongraph.web.http.registry import HTML_TYPE
from missiongraph.web.http.respond import FRAMES, N3

#: Media types of the files of the software, by extension.
_STATIC_TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "wasm": "application/wasm",
    "md": "text/markdown",
}
#: The first line of files that people may read.
_WRITTEN = "Written by `missiongraph export`"

_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer-when-downgrade",
    "Content-Security-Policy": FRAMES,
}


def rules(languages: Sequence[str], types: Mapping[str, str], prefix: str) -> dict[str, str]:
    """The texts of the configuration files, by name.

    :param languages: the languages of the pages; files without a language in their name are in the first one
    :param types: media types of the exported files by extension
    :param prefix: the path of the export on its host, with slashes at both ends
    """
    types = {**_STATIC_TYPES, **{f.extension: f.media_type for f in RDF_FORMATS}, **types, "html": HTML_TYPE}
    types = {extension: kind for extension, kind in sorted(types.items()) if extension not in languages}
    return {
        ".htaccess": _apache(languages, types, prefix),
        ".nojekyll": "",
        "nginx.conf": _nginx(languages, types, prefix),
        "_redirects": _redirects(languages, prefix),
        "_headers": _headers(types, prefix),
    }


def _apache(languages: Sequence[str], types: Mapping[str, str], prefix: str) -> str:
    """The rules of Apache, which negotiates by itself; the qualities (``qs``) make it send the page for ``*/*``."""
    first, *others = languages
    lines = [
        f"# {_WRITTEN}. Needs AllowOverride All, mod_rewrite, mod_negotiation, mod_mime, mod_dir and mod_headers.",
        "Options +MultiViews -Indexes",
        "DirectorySlash Off",
        f"DirectoryIndex {INDEX}",
        f"ErrorDocument 404 {prefix}404.html",
        "AddCharset utf-8 " + " ".join(f".{e}" for e, kind in types.items() if kind.startswith("text/")),
        "RemoveEncoding .gz",
        *(f'AddType "{kind}{_source_quality(extension)}" .{extension}' for extension, kind in types.items()),
        f"<Files {CHECKSUMS}>",
        "ForceType text/plain",
        "</Files>",
        f"DefaultLanguage {first}",
        *(f"AddLanguage {language} .{language}" for language in others),
        "LanguagePriority " + " ".join(languages),
        "ForceLanguagePriority Prefer Fallback",
        "",
        "RewriteEngine On",
        "# where this folder is on its host",
        r"RewriteCond %{REQUEST_URI}::$1 ^(.*?/)(.*)::\2$",
        "RewriteRule ^(.*)$ - [E=BASE:%1]",
        r"RewriteRule (?:^|/)\.(?!well-known/) - [R=404,L]",
        "# a thing is not its document",
        "RewriteRule ^id/(.+)$ %{ENV:BASE}doc/$1 [R=303,L]",
        f"RewriteRule ^sparql$ %{{ENV:BASE}}{LOCAL_QUERY} [R=302,L]",
        "# the language that an address asks for; the server has negotiated before, so the page has its name by now",
        *(line for language in languages for line in _apache_language(language, languages)),
        "# a folder that has a page of the same name, and one that is asked for without its slash",
        "RewriteCond %{REQUEST_FILENAME} -d",
        "RewriteCond %{REQUEST_FILENAME}.html -f",
        "RewriteRule ^(.+[^/])$ $1.html [L]",
        "RewriteCond %{REQUEST_FILENAME} -d",
        "RewriteRule ^(.+[^/])$ %{ENV:BASE}$1/ [R=308,L]",
        "",
        "<IfModule mod_headers.c>",
        *(f'Header always set {name} "{value}"' for name, value in _HEADERS.items()),
        r'Header edit Content-Type ";\s*qs=[0-9.]+" ""',
        "</IfModule>",
    ]
    return "\n".join(lines) + "\n"


def _source_quality(extension: str) -> str:
    """The source quality of an extension: lower than that of pages, and falling in the order of our formats."""
    order = [*(form.extension for form in RDF_FORMATS), "json"]
    return f";qs={0.9 - 0.05 * order.index(extension):.2f}" if extension in order else ""


def _apache_language(language: str, languages: Sequence[str]) -> list[str]:
    first, *others = languages
    ending = f"{'' if language == first else f'.{language}'}.html"
    rest = "|".join(other for other in others if other != language)
    asked = rf"RewriteCond %{{QUERY_STRING}} (?:^|&)lang={language}(?:&|$)"
    target = f"%{{ENV:BASE}}$1{ending} [R=302,QSD,L]"  # mod_rewrite cannot rewrite a negotiated request internally
    page = [rf"RewriteRule ^(.+)\.(?:{rest})\.html$ {target}"] if rest else []
    if language != first:
        other = rf"(?:\.(?:{rest}))?" if rest else ""
        page = [
            rf"RewriteCond %{{REQUEST_FILENAME}} !\.{language}\.html$",
            rf"RewriteRule ^(.+?){other}\.html$ {target}",
        ]
    return [
        *([asked, *page] if page else []),
        asked,
        rf"RewriteCond %{{REQUEST_FILENAME}}{INDEX}{ending} -f",
        rf"RewriteRule ^(.*/)?$ $1{INDEX}{ending} [L]",
    ]


def _aliases(form: Format) -> tuple[str, ...]:
    return (*form.aliases, N3) if form == TURTLE else form.aliases


def _nginx(languages: Sequence[str], types: Mapping[str, str], prefix: str) -> str:
    """The rules of nginx, for the ``http`` block of its configuration: maps, and a server to adapt."""
    forms: dict[str, tuple[str, ...]] = {"html": (HTML_TYPE, "application/xhtml+xml", "*/*", "text/*")}
    forms |= {form.extension: (form.media_type, *_aliases(form)) for form in RDF_FORMATS}
    known = [name for names in forms.values() for name in names]
    first, *others = languages
    kinds: dict[str, list[str]] = {}
    for extension, kind in types.items():
        kinds.setdefault(kind, []).append(extension)
    text = sorted({kind for kind in types.values() if kind.startswith("text/")} - {HTML_TYPE})
    headers = [f'add_header {name} "{value}" always;' for name, value in _HEADERS.items()]
    server = [
        "listen 80;",
        f"root /srv/www;  # {_where(prefix)}",
        "absolute_redirect off;",
        "charset utf-8;",
        f"charset_types {' '.join(text)};",
        "types {",
        *(f"    {kind} {' '.join(names)};" for kind, names in kinds.items()),
        "}",
        f"error_page 404 {prefix}404.html;",
        *headers,
        f"location ~ ^{re.escape(prefix)}id/ {{ return 303 $missiongraph_document; }}",
        f"location = {prefix}sparql {{ return 302 {prefix}{LOCAL_QUERY}$is_args$args; }}",
        r"location ~ /\.(?!well-known/) { return 404; }",
        f"location ~ /{CHECKSUMS}$ {{ types {{ }} default_type text/plain; }}",
        f"location {prefix} {{",
        '    add_header Vary "Accept, Accept-Language" always;',
        *(f"    {header}" for header in headers),
        "    try_files $uri $uri$missiongraph_form $uri.html"
        f" ${{uri}}{INDEX}$missiongraph_form ${{uri}}{INDEX}.html @folder;",
        "}",
        "location @folder {",
        "    if (-d $request_filename) { rewrite ^(.*[^/])$ $1/ permanent; }",
        "    return 404;",
        "}",
    ]
    return "\n".join(
        [
            f"# {_WRITTEN}. Include it in the http part of a configuration; listen and root are yours to set.",
            *_map("$http_accept", "type", "html", [(_first(names, known, ""), e) for e, names in forms.items()]),
            *_map(
                "$http_accept_language",
                "spoken",
                first,
                [(_first((tag,), languages, "(?:-[a-z0-9]+)*"), tag) for tag in languages],
            ),
            *_map("$arg_lang", "language", "$missiongraph_spoken", [(tag, tag) for tag in languages]),
            *_map(
                '"$missiongraph_type:$missiongraph_language"',
                "form",
                ".html",
                [
                    *((f"html:{tag}", f".{tag}.html") for tag in others),
                    ('"~^(?!html)(?<missiongraph_extension>[a-z]+):"', '".$missiongraph_extension"'),
                ],
            ),
            *_map(
                "$request_uri",
                "document",
                prefix,
                [(f'"~^{re.escape(prefix)}id/(?<missiongraph_thing>.*)$"', f'"{prefix}doc/$missiongraph_thing"')],
            ),
            "server {",
            *(f"    {line}" for line in server),
            "}",
            "",
        ]
    )


def _where(prefix: str) -> str:
    return "the folder of this file" if prefix == "/" else f"the folder in which {prefix} is that of this file"


def _map(key: str, name: str, default: str, cases: Iterable[tuple[str, str]]) -> list[str]:
    rows = [f"    {case} {value};" for case, value in cases]
    return [f"map {key} $missiongraph_{name} {{", f"    default {default};", *rows, "}"]


def _first(names: Iterable[str], known: Iterable[str], more: str) -> str:
    """A pattern for a header that lists values: of those in *known*, the first is one of *names*.

    :param more: a pattern for what may follow each value
    """
    end = rf"{more}\s*(?:[;,]|$)"
    wanted, others = ("|".join(map(re.escape, some)) for some in (names, known))
    return rf'"~*^(?:(?!\s*(?:{others}){end})[^,]*,)*\s*(?:{wanted}){end}"'


def _redirects(languages: Sequence[str], prefix: str) -> str:
    """The rules for Netlify and similar hosts, which ignore conditions that they do not know."""
    lines = [f"# {_WRITTEN}.", f"{prefix}id/* {prefix}doc/:splat 303", f"{prefix}sparql {prefix}{LOCAL_QUERY} 302"]
    for language in languages[1:]:
        lines += [
            f"{prefix} lang={language} {prefix}{INDEX}.{language}.html 200!",
            f"{prefix}* lang={language} {prefix}:splat.{language}.html 200!",
            f"{prefix} {prefix}{INDEX}.{language}.html 200! Language={language}",
        ]
    return "\n".join(lines) + "\n"


def _headers(types: Mapping[str, str], prefix: str) -> str:
    lines = [f"{prefix}*", *(f"  {name}: {value}" for name, value in _HEADERS.items())]
    for extension, kind in types.items():
        lines += [f"{prefix}*.{extension}", f"  Content-Type: {content_type(kind)}"]
    lines += [f"{prefix}dumps/{CHECKSUMS}", "  Content-Type: text/plain; charset=utf-8"]
    return "\n".join(lines) + "\n"

"""Content negotiation and the response to a request for a member of a family, with its headers."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from flask import Request, Response, send_file

from missiongraph.build.files.dumps import in_coding
from missiongraph.publication.addresses import PARAMETERS, as_sent
from missiongraph.rdf.formats import content_type
from missiongraph.web.context.site import Site
from missiongraph.web.http.conditional_requests import conditional, precondition, wants_part
from missiongraph.web.http.content_codings import coding_for
from missiongraph.web.http.languages import preferred_language
from missiongraph.web.http.problems import HttpProblem, NothingThere, accepted
from missiongraph.web.http.registry import BadParameter, Body, Family, Member, Variant, keys_of
from missiongraph.web.http.signposting import link_field, links_of

#: Directive that forbids other sites to frame a page. A ``<meta>`` element cannot state it.
FRAMES = "frame-ancestors 'none'"


def policy(scripts: tuple[str, ...] = ()) -> str:
    """The Content-Security-Policy of a page: nothing from other sites, nothing inline.

    :param scripts: further sources of scripts
    """
    allowed = " ".join(("'self'", *scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'self'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'"
    )


#: The Content-Security-Policy of all pages without further sources.
POLICY = f"{policy()}; {FRAMES}"

#: The query parameter that shows every margin note open, for readers without JavaScript.
_EVIDENCE = PARAMETERS[1]

#: ``Cache-Control`` of addresses that may change, and of addresses that name a build and never change.
_CHECKED, _FOREVER = "public, max-age=0, must-revalidate", "public, max-age=31536000, immutable"

#: Key of the ASGI scope under which the ASGI application leaves a function. It returns whether nobody waits for
#: the rest of the response any more.
UNWANTED = "missiongraph.unwanted"

#: The older media type of Turtle. Clients that accept only that get Turtle under it.
_TURTLE, N3 = "text/turtle", "text/n3"


def respond(site: Site, family: Family, key: str, request: Request, extension: str | None = None) -> Response:
    """The response to GET or HEAD for *key* in *family*.

    :param extension: the form asked for, if the routing has split it off *key*
    :raises NothingThere: no member has that key, or it lacks that form
    :raises HttpProblem: 400, if a parameter is invalid; 406, if no variant is acceptable; 412, if a precondition fails
    """
    member, extension = _find(site, family, key, request, extension)
    variants = family.variants(site, member)
    if extension is not None:
        variants = tuple(variant for variant in variants if variant.extension == extension)
    variant, media_type = _choose(site, member, variants, request, fixed=extension is not None)
    response = _body(site, family, member, variant, request)
    response.headers["Content-Type"] = content_type(media_type)
    if variant.language:
        response.headers["Content-Language"] = variant.language
    vary = [] if extension is not None or len(variants) == 1 else ["Accept"]
    vary += ["Accept-Encoding"] if family.of_files else []
    vary += ["Accept-Language"] if any(v.language for v in variants) and not variant.explicit else []
    if variant.is_page and family.scripts:
        response.headers["Content-Security-Policy"] = f"{policy(family.scripts)}; {FRAMES}"
    if vary:
        response.headers["Vary"] = ", ".join(vary)
    _link(response, site, family, member)
    return response


def _find(site: Site, family: Family, key: str, request: Request, extension: str | None) -> tuple[Member, str | None]:
    """The member at *key*, and its extension if it asks for a form; a key with a dot is tried as a whole first."""
    arguments = {name: "\n".join(values) for name, values in request.args.lists()}
    for name in request.args if family.choices else (*family.parameters, *PARAMETERS):
        if len(request.args.getlist(name)) > 1 and name not in family.repeated:
            raise HttpProblem(400, f"the parameter {name} is given more than once")
    try:
        for written in keys_of(family, key, as_sent(request.query_string.decode("utf-8", "surrogateescape"))):
            member = family.find(site, written, arguments)
            if member is not None and (extension is None or _has_form(site, family, member, extension)):
                return member, extension
            path, mark, query = written.partition("?") if family.by_iri else (written, "", "")
            stem, dot, ending = path.rpartition(".")
            member = family.find(site, stem + mark + query, arguments) if dot else None
            if member is not None and _has_form(site, family, member, ending):
                return member, ending
    except BadParameter as error:
        raise HttpProblem(400, f"{error.name}: {error}") from None
    raise NothingThere


def _has_form(site: Site, family: Family, member: Member, extension: str) -> bool:
    return bool(extension) and any(v.extension == extension for v in family.variants(site, member))


def _choose(
    site: Site, member: Member, variants: tuple[Variant, ...], request: Request, *, fixed: bool
) -> tuple[Variant, str]:
    """The variant for the request, and the media type to send it under."""
    offered = {media_type: v for v in reversed(variants) for media_type in reversed(_media_types(v))}
    order = [v.media_type for v in variants] + [alias for v in variants for alias in _media_types(v)[1:]]
    accept = accepted(request)
    several = len({v.media_type for v in variants}) > 1
    asked = accept.best_match(list(dict.fromkeys(order))) if accept and not fixed and several else order[0]
    if asked is None:
        offers = ", ".join(dict.fromkeys(v.media_type for v in variants))
        raise HttpProblem(406, f"this resource is offered as {offers}", headers={"Vary": "Accept"})
    chosen = offered[asked]
    of_type = [v for v in variants if v.media_type == chosen.media_type]
    return _in_language(site, of_type, request), asked if asked == N3 else chosen.media_type


def _media_types(variant: Variant) -> tuple[str, ...]:
    legacy = (N3,) if variant.media_type == _TURTLE else ()
    return (variant.media_type, *variant.aliases, *legacy)


def _in_language(site: Site, variants: list[Variant], request: Request) -> Variant:
    asked = request.args.get("lang")
    if asked is not None and asked not in site.languages:
        raise HttpProblem(400, f"lang: “{asked}” is none of {', '.join(site.languages)}")
    opened = request.args.get(_EVIDENCE)
    if opened not in (None, "open"):
        raise HttpProblem(400, f"{_EVIDENCE}: “{opened}” is not “open”")
    best = asked or preferred_language(site, request)
    chosen = next((v for v in variants if v.language == best), variants[0])
    return replace(chosen, explicit=asked is not None, opened=bool(opened)) if chosen.is_page else chosen


def _body(site: Site, family: Family, member: Member, variant: Variant, request: Request) -> Response:
    tag = _etag(site, member, variant)
    kept = _FOREVER if site.build.id in member.path.split("/") else _CHECKED
    body: Body | None = None
    coding = None
    if family.of_files:
        body = family.render(site, member, variant)
        body, coding = _in_coding(site, body, tag, request)
        tag += f"--{coding}" if coding else ""
    if isinstance(body, Path):
        response = _file(site, member, variant, body, tag, coding)
        return _cacheable(conditional(response, request, unchanging=kept == _FOREVER), tag, kept)
    status = precondition(request, tag)
    if status == 412:
        raise HttpProblem(412, "this resource is another one now")
    if status == 304:
        return _cacheable(Response(status=304), tag, kept)
    body = family.render(site, member, variant)
    assert not isinstance(body, Path), member
    if isinstance(body, bytes):
        response = Response(body)
        response.headers["Content-Length"] = str(len(body))
    else:
        unwanted = request.environ.get("asgi.scope", {}).get(UNWANTED, bool)
        response = Response(takewhile(lambda _: not unwanted(), body))
    return _cacheable(response, tag, kept)


def _file(site: Site, member: Member, variant: Variant, file: Path, tag: str, coding: str | None) -> Response:
    response = send_file(
        file,
        conditional=False,
        etag=tag,
        last_modified=_modified(site),
        mimetype=variant.media_type,
        download_name=member.path.rpartition("/")[2],
    )  # without a media type, Flask would take ".gz" for a content coding
    if coding:
        response.headers["Content-Encoding"] = coding
    return response


def _in_coding(site: Site, body: Body, tag: str, request: Request) -> tuple[Body, str | None]:
    """A file in the content coding that the client prefers, if the build has it so, and that coding.

    A range applies to the file without coding, unless ``If-Range`` names the tag of the coded one.
    """
    coding = coding_for(request.headers.get("Accept-Encoding", "").encode("latin-1", "replace"))
    if wants_part(request, tag):
        coding = None
    packed = in_coding(site.build.folder, body, coding) if coding and isinstance(body, Path) else None
    return (packed, coding) if packed else (body, None)


def _cacheable(response: Response, tag: str, kept: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = kept
    return response


def _etag(site: Site, member: Member, variant: Variant) -> str:
    """A strong tag: build, member and variant decide every byte, because a build never changes."""
    name = f"{member.address()} {variant.media_type} {variant.language} {variant.explicit} {variant.opened}"
    return f"{site.build.id}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _modified(site: Site) -> float | None:
    stated = site.build.manifest["modified"]
    if stated is None:
        return None
    return datetime.datetime.fromisoformat(stated).replace(tzinfo=datetime.UTC).timestamp()


def _link(response: Response, site: Site, family: Family, member: Member) -> None:
    field = link_field(links_of(site, family, member))
    if field:
        response.headers["Link"] = field

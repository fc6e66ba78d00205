"""A build never changes, so its answers have strong names; files can be had in parts."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable

import brotli
import httpx
import pytest
import zstandard

from missiongraph.build import Build

DOC = "/doc/city/bologna"
FILE = "/dumps/missiongraph.nt"
PLAIN = {"Accept-Encoding": "identity"}


def tag(response: httpx.Response) -> str:
    return str(response.headers["ETag"])


@pytest.mark.parametrize("address", [DOC, "/", "/catalog.ttl", FILE, f"{FILE}.gz", "/sitemap.xml", "/dumps/SHA256SUMS"])
def test_an_answer_has_a_strong_tag_that_holds(site: httpx.Client, address: str) -> None:
    first, second = site.get(address), site.get(address)
    assert tag(first) == tag(second)
    assert tag(first).startswith('"')
    assert first.content == second.content
    assert "must-revalidate" in first.headers["Cache-Control"]


def test_each_variant_has_a_tag_of_its_own(site: httpx.Client) -> None:
    accepted = ["text/html", "text/turtle", "application/ld+json", "application/n-triples", "application/trig"]
    tags = [tag(site.get(DOC, headers={"Accept": media_type})) for media_type in accepted]
    tags += [tag(site.get(f"{DOC}?lang={language}")) for language in ("en", "it")]
    tags += [tag(site.get(DOC, headers={"Accept": "text/html", "Accept-Language": "it"})), tag(site.get(FILE))]
    tags += [tag(site.get(f"{FILE}.gz")), tag(site.get("/doc/city/milan"))]
    assert len(set(tags)) == len(tags)


def test_each_build_has_tags_of_its_own(site: httpx.Client, beer: httpx.Client) -> None:
    assert tag(site.get("/")) != tag(beer.get("/"))
    assert tag(site.get("/robots.txt")) != tag(beer.get("/robots.txt"))


@pytest.mark.parametrize("address", [DOC, FILE])
def test_what_the_client_has_is_not_sent_again(site: httpx.Client, address: str) -> None:
    first = site.get(address)
    for condition in (tag(first), f'"other", {tag(first)}', f"W/{tag(first)}", "*"):
        again = site.get(address, headers={"If-None-Match": condition})
        assert again.status_code == 304, condition
        assert again.content == b""
        assert tag(again) == tag(first)
        assert again.headers.get("Vary") == first.headers.get("Vary")
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert site.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_variant_that_the_client_has_not_is_sent(site: httpx.Client) -> None:
    html = tag(site.get(DOC))
    other = site.get(DOC, headers={"If-None-Match": html, "Accept": "text/turtle"})
    assert other.status_code == 200


def test_a_problem_is_not_kept(site: httpx.Client) -> None:
    response = site.get("/nothing/here")
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [("bytes=0-9", 0, 10), ("bytes=100-199", 100, 200), ("bytes=-20", -20, None), ("bytes=50-", 50, None)],
)
def test_a_part_of_a_file_can_be_had(site: httpx.Client, asked: str, begin: int, end: int | None) -> None:
    whole = site.get(FILE, headers=PLAIN).content
    part = site.get(FILE, headers={"Range": asked})
    assert part.status_code == 206
    assert part.content == whole[begin:end]
    first = begin % len(whole)
    assert part.headers["Content-Range"] == f"bytes {first}-{first + len(part.content) - 1}/{len(whole)}"
    assert tag(part) == tag(site.head(FILE, headers=PLAIN))


def test_a_part_that_is_not_there_is_refused_with_the_length(site: httpx.Client, shipped_build: Build) -> None:
    size = next(d.bytes for d in shipped_build.dumps if f"/dumps/{d.name}" == FILE)
    response = site.get(FILE, headers={"Range": f"bytes={size}-"})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{size}"


def test_several_parts_at_once_are_answered_by_the_whole(site: httpx.Client) -> None:
    response = site.get(FILE, headers={"Range": "bytes=0-1,5-6", **PLAIN})
    assert response.status_code == 200
    assert len(response.content) == int(response.headers["Content-Length"])


def test_a_part_of_another_version_is_answered_by_the_whole(site: httpx.Client) -> None:
    """RFC 9110, section 13.1.5: the strong comparison."""
    head = site.head(FILE, headers=PLAIN)
    asked = {"Range": "bytes=0-9", **PLAIN}
    assert site.get(FILE, headers={**asked, "If-Range": tag(head)}).status_code == 206
    for other in (f"W/{tag(head)}", '"other"', "*", tag(head).strip('"'), f'{tag(head)}, "other"'):
        assert site.get(FILE, headers={**asked, "If-Range": other}).status_code == 200, other


def test_a_date_stands_for_a_file_that_never_changes_only(site: httpx.Client, shipped_build: Build) -> None:
    """RFC 9110, section 8.8.2.2: two builds of one day have the same date, so that it is a weak validator."""
    date = site.head(FILE).headers["Last-Modified"]
    asked = {"Range": "bytes=0-9", "If-Range": date, **PLAIN}
    assert site.get(FILE, headers=asked).status_code == 200
    immutable = FILE.replace("dumps/", f"dumps/{shipped_build.id}/")
    assert site.get(immutable, headers=asked).status_code == 206
    assert site.get(immutable, headers={**asked, "If-Range": "Sat, 01 Jan 2000 00:00:00 GMT"}).status_code == 200


def test_a_weak_tag_gets_the_whole_of_every_file(site: httpx.Client, shipped_build: Build) -> None:
    for dump in shipped_build.dumps:
        address = f"/dumps/{dump.name}"
        asked = {"Range": "bytes=0-0", "If-Range": f"W/{tag(site.head(address, headers=PLAIN))}", **PLAIN}
        response = site.head(address, headers=asked)
        assert (response.status_code, response.headers["Content-Length"]) == (200, str(dump.bytes)), address
        with site.stream("GET", address, headers=asked) as response:
            assert response.status_code == 200, address


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=0-99999999999999999999999999", 206),  # 14.1.2: a last position beyond the end
        ("bytes=-99999999999999999999999999", 206),  # a suffix longer than the file is all of it
        (f"bytes=-{'9' * 5000}", 206),
        ("Bytes=0-9", 206),  # 14.1: the unit in any letter case
        ("bytes=0-9,", 206),  # 5.6.1.2: empty elements of a list
        ("bytes=99999999999999999999999999-", 416),
        ("bytes=-0", 416),  # 14.1.2: a suffix of no length cannot be had
        ("bytes=9-0", 200),  # 14.1.1: invalid, and passed over
        ("bytes=a-b", 200),
        ("bytes=-", 200),
        ("bytes=", 200),
        ("bytes", 200),
        ("lines=0-9", 200),  # 14.2: another unit
        ("bytes=0-1,3-4", 200),
    ],
)
def test_ranges_are_read_as_rfc_9110_has_them(site: httpx.Client, asked: str, status: int) -> None:
    with site.stream("GET", FILE, headers={"Range": asked, **PLAIN}) as response:
        assert response.status_code == status
        assert ("Content-Range" in response.headers) == (status != 200)
    with site.stream("GET", FILE, headers={"Range": asked, "If-Range": '"other"', **PLAIN}) as response:
        assert response.status_code == 200  # 13.2.2: the condition comes before the range


def test_head_knows_no_range(site: httpx.Client) -> None:
    """RFC 9110, section 14.2: a range is of GET."""
    whole = site.head(FILE)
    for asked in ("bytes=0-9", "bytes=99999999999-"):
        part = site.head(FILE, headers={"Range": asked})
        assert (part.status_code, part.headers["Content-Length"]) == (200, whole.headers["Content-Length"])


EARLY, LATE = "Sat, 01 Jan 2000 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"


@pytest.mark.parametrize(
    ("conditions", "of_file", "of_page"),
    [  # RFC 9110, section 13.2.2, in its order; "tag" stands for the current one
        ({"If-Match": "tag"}, 200, 200),
        ({"If-Match": '"a", tag'}, 200, 200),
        ({"If-Match": "*"}, 200, 200),
        ({"If-Match": "W/tag"}, 412, 412),  # 13.1.1: the strong comparison
        ({"If-Match": '"other"'}, 412, 412),
        ({"If-Match": "tag", "If-Unmodified-Since": EARLY}, 200, 200),  # If-Match first
        ({"If-Unmodified-Since": EARLY}, 412, 200),  # 13.1.4: a page has no date
        ({"If-Unmodified-Since": LATE}, 200, 200),
        ({"If-Unmodified-Since": "some day"}, 200, 200),
        ({"If-Match": "tag", "If-None-Match": "tag"}, 304, 304),
        ({"If-Match": '"other"', "If-None-Match": "tag"}, 412, 412),
        ({"If-None-Match": "W/tag"}, 304, 304),  # 13.1.2: the weak comparison
        ({"If-None-Match": "*"}, 304, 304),
        ({"If-None-Match": '"other"', "If-Modified-Since": LATE}, 200, 200),  # 13.1.3: passed over beside the tag
        ({"If-None-Match": "tag", "If-Modified-Since": EARLY}, 304, 304),
        ({"If-Modified-Since": LATE}, 304, 200),
        ({"If-Modified-Since": EARLY}, 200, 200),
        ({"If-Modified-Since": "some day"}, 200, 200),
        ({"If-None-Match": "tag", "Range": "bytes=0-9"}, 304, 304),  # before the range
        ({"If-None-Match": '"other"', "Range": "bytes=0-9"}, 206, 200),
        ({"If-Match": '"other"', "Range": "bytes=0-9"}, 412, 412),
    ],
)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_conditions_are_held_in_the_order_of_rfc_9110(
    site: httpx.Client, conditions: dict[str, str], of_file: int, of_page: int, coding: str
) -> None:
    of_static = of_file if "Range" in conditions else of_page  # it has no date either
    for address, status in ((FILE, of_file), (DOC, of_page), ("/static/site.css", of_static)):
        accepted = "identity" if "Range" in conditions else coding
        current = tag(site.head(address, headers={"Accept-Encoding": accepted}))
        headers = {name: value.replace("tag", current) for name, value in conditions.items()}
        for method in ("GET", "HEAD"):
            expected = 200 if status == 206 and method == "HEAD" else status
            for _ in range(2):  # the second may come from a cache
                response = site.request(method, address, headers={"Accept-Encoding": accepted, **headers})
                assert response.status_code == expected, (method, address)
                if status in (304, 412):
                    assert method == "HEAD" or len(response.content) < 1000


def test_files_are_dated_by_the_publication(site: httpx.Client, shipped_build: Build) -> None:
    head = site.head(FILE)
    year, month, day = map(int, shipped_build.manifest["modified"].split("-"))
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    assert head.headers["Last-Modified"][5:16] == f"{day:02} {months[month - 1]} {year}"
    assert head.headers["Accept-Ranges"] == "bytes"
    again = site.get(FILE, headers={"If-Modified-Since": head.headers["Last-Modified"]})
    assert again.status_code == 304


def test_a_file_that_is_another_one_now_is_not_sent(site: httpx.Client) -> None:
    response = site.get(FILE, headers={"If-Match": '"other"'})
    assert response.status_code == 412
    assert len(response.content) < 1000


def test_every_file_is_what_its_checksum_and_media_type_say(site: httpx.Client, shipped_build: Build) -> None:
    lines = [line.split("  ") for line in site.get("/dumps/SHA256SUMS").text.splitlines()]
    sums = {name: digest for digest, name in lines}
    assert set(sums) == {dump.name for dump in shipped_build.dumps}
    for dump in shipped_build.dumps:
        response = site.get(f"/dumps/{dump.name}", headers=PLAIN)
        assert hashlib.sha256(response.content).hexdigest() == sums[dump.name]
        assert response.headers["Content-Type"].partition(";")[0] == (
            f"application/{dump.compression}" if dump.compression else dump.media_type
        )
        assert "Content-Encoding" not in response.headers
        if dump.compression:
            plain = site.get(f"/dumps/{dump.name.rpartition('.')[0]}").content
            packed = response.content
            assert (gzip.decompress(packed) if dump.compression == "gzip" else zstandard.decompress(packed)) == plain


@pytest.mark.parametrize(
    ("coding", "unpack"), [("gzip", gzip.decompress), ("zstd", zstandard.decompress), ("br", brotli.decompress)]
)
def test_a_file_comes_in_the_coding_that_the_client_likes(
    site: httpx.Client, coding: str, unpack: Callable[[bytes], bytes]
) -> None:
    plain = site.get(FILE, headers=PLAIN)
    with site.stream("GET", FILE, headers={"Accept-Encoding": coding}) as response:
        packed = b"".join(response.iter_raw())
    assert response.headers["Content-Encoding"] == coding
    assert response.headers["Content-Type"] == plain.headers["Content-Type"]
    assert response.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert int(response.headers["Content-Length"]) == len(packed) < len(plain.content)
    assert unpack(packed) == plain.content
    assert tag(response) != tag(plain)
    again = site.get(FILE, headers={"Accept-Encoding": coding, "If-None-Match": tag(response)})
    assert (again.status_code, tag(again)) == (304, tag(response))


def test_a_download_that_broke_off_goes_on_in_its_coding(site: httpx.Client) -> None:
    with site.stream("GET", FILE, headers={"Accept-Encoding": "zstd"}) as response:
        packed = b"".join(response.iter_raw())
    more = {"Accept-Encoding": "zstd", "Range": "bytes=100-", "If-Range": tag(response)}
    with site.stream("GET", FILE, headers=more) as rest:
        assert rest.status_code == 206
        assert packed[:100] + b"".join(rest.iter_raw()) == packed


def test_a_packed_file_is_not_packed_again(site: httpx.Client) -> None:
    for name in (f"{FILE}.gz", f"{FILE}.zst", "/dumps/missiongraph-city.parquet"):
        assert "Content-Encoding" not in site.get(name, headers={"Accept-Encoding": "gzip, br, zstd"}).headers


def test_a_file_by_the_name_of_its_build_never_changes(site: httpx.Client, shipped_build: Build) -> None:
    immutable = site.get(f"/dumps/{shipped_build.id}/missiongraph.nt")
    assert immutable.content == site.get(FILE).content
    assert immutable.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert site.get("/dumps/0123456789abcdef/missiongraph.nt").status_code == 404
    assert site.get(f"/dumps/{shipped_build.id}/{shipped_build.id}/missiongraph.nt").status_code == 404

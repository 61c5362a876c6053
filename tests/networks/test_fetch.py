"""What people give us to read is read from the public web only, whatever it tries."""

from __future__ import annotations

import gzip
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from networks.fetch import NotFetched, canonical, fetch, read_feed, read_page
from networks.wire import Reach
from workspaces import wire

REAL = Reach()
RESOLVE = socket.getaddrinfo
PUBLIC = "93.184.216.34"
HTML, XML = "text/html", "application/rss+xml"
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Nadia</title>
<item><title>Kopi &amp; roti</title><link>https://nadia.example/kopi</link>
<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate><description>short</description>
<content:encoded><![CDATA[<p>Iklan: kopi <b>gratis</b></p><script>x()</script><p>enak</p>]]></content:encoded></item>
<item><title>Elsewhere</title><link>javascript:alert(1)</link></item></channel></rss>"""
INSIDE = (
    *("127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fd00::1", "fe80::1"),
    *("ff02::1", "::ffff:192.168.1.1", "2002:7f00:1::", "64:ff9b::a00:1"),  # the last ones carry an IPv4 one inside
)
LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<rss version="2.0"><channel><item><title>&b;</title><link>https://a.example/</link></item></channel></rss>"""
XXE = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><item><title>&x;</title><link>https://a.example/</link></item></channel></rss>"""


@dataclass
class Web:
    """A pretend public web: every name is at one public address, behind which our own server stands."""

    server: http.server.ThreadingHTTPServer
    pages: dict[str, Callable[[http.server.BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)

    def put(self, path: str, body: str | bytes, kind: str = HTML, status: int = 200, **headers: str) -> str:
        def answer(request: http.server.BaseHTTPRequestHandler) -> None:
            raw = body.encode() if isinstance(body, str) else body
            request.send_response(status)
            for name, value in {"Content-Type": kind, **headers}.items():
                request.send_header(name.replace("_", "-"), value)
            request.send_header("Content-Length", str(len(raw)))
            request.end_headers()
            request.wfile.write(raw)

        self.pages[path] = answer
        return f"http://site.example{path}"

    def resolve(self, host: str, port: int, *more: Any, **named: Any) -> list[Any]:
        if more:  # our own house's calls to its own services
            return RESOLVE(host, port, *more, **named)
        self.looked_up.append(host)
        answers = self.names.get(host, [PUBLIC])
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(self, where: tuple[str, int], *_: Any) -> socket.socket:
        self.connected.append(where[0])
        assert where[0] == PUBLIC, f"a connection to {where[0]}"
        found = socket.socket()
        found.settimeout(5)
        found.connect(("127.0.0.1", self.server.server_port))
        return found


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.pages[self.path](self)

        def log_message(self, *_: object) -> None: ...

    made = Web(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages))
    threading.Thread(target=made.server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setattr(wire.socket, "getaddrinfo", made.resolve)
    monkeypatch.setattr(wire.socket, "create_connection", made.connect)
    yield made
    made.server.shutdown()
    made.server.server_close()


def refused(word: str, url: str, **how: Any) -> None:
    with pytest.raises(NotFetched) as refusal:
        fetch(url, reach=REAL, kinds=(HTML, XML), **how)
    assert refusal.value.word == word


def test_a_page_comes_and_comes_once(web: Web) -> None:
    url = web.put("/a", "kopi", kind="text/html; charset=latin-1", ETag='"1"')
    found = fetch(url, reach=REAL, kinds=(HTML,))
    assert (found.body, found.kind, found.charset, found.etag, found.new) == (b"kopi", HTML, "latin-1", '"1"', True)
    web.put("/a", b"", status=304)
    again = fetch(url, reach=REAL, kinds=(HTML,), etag=found.etag)
    assert (again.new, again.body) == (False, b"")


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_a_house_is_read_by_number_or_by_name(web: Web, address: str) -> None:
    literal = f"[{address}]" if ":" in address else address
    refused("private", f"http://{literal}/")
    web.names["inside.example"] = [address]
    refused("private", "http://inside.example/")
    assert web.connected == []


@pytest.mark.parametrize(
    ("word", "url"),
    [
        ("address", "file:///etc/passwd"),
        ("address", "ftp://site.example/a"),
        ("address", "http://me:pw@site.example/a"),
        ("address", "kopi"),
        ("private", "http://localhost/"),
        ("private", "http://printer.local/"),
        ("private", "http://metadata.google.internal/"),
        ("private", "http://site.example:6379/"),
        ("private", "http://2130706433/"),
        ("private", "http://0x7f.1/"),
    ],
)
def test_only_plain_web_addresses_are_read(web: Web, word: str, url: str) -> None:
    web.names["0x7f.1"] = ["127.0.0.1"]
    refused(word, url)
    assert web.connected == []


@pytest.mark.parametrize("inward", ["http://127.0.0.1/", "http://169.254.169.254/latest/", "http://inside.example/"])
def test_a_redirect_inward_is_refused(web: Web, inward: str) -> None:
    web.names["inside.example"] = ["192.168.0.1"]
    refused("private", web.put("/a", "", status=302, Location=inward))
    assert web.connected == [PUBLIC]


def test_a_name_that_changes_its_mind_is_asked_once_for_each_connection(web: Web) -> None:
    web.names["rebind.example"] = [PUBLIC, "127.0.0.1"]
    web.put("/a", "kopi")
    assert fetch("http://rebind.example/a", reach=REAL, kinds=(HTML,)).body == b"kopi"
    assert (web.looked_up, web.connected) == (["rebind.example"], [PUBLIC])
    refused("private", "http://rebind.example/a")


def test_redirects_end(web: Web) -> None:
    refused("hops", web.put("/a", "", status=301, Location="/a"))


def test_what_is_too_large_or_of_another_kind_is_left(web: Web) -> None:
    refused("large", web.put("/large", b"x" * 5000), limit=4000)
    bomb = gzip.compress(b"\0" * 50_000_000)
    refused("large", web.put("/bomb", bomb, Content_Encoding="gzip"), limit=100_000)
    refused("kind", web.put("/film", b"x", kind="video/mp4"))
    refused("kind", web.put("/packed", b"x", Content_Encoding="br"))
    with pytest.raises(NotFetched) as gone:
        fetch(web.put("/gone", "", status=410), reach=REAL, kinds=(HTML,))
    assert gone.value.gone
    with pytest.raises(NotFetched) as busy:
        fetch(web.put("/busy", "", status=429, Retry_After="120"), reach=REAL, kinds=(HTML,))
    assert not busy.value.gone and busy.value.after and busy.value.after.total_seconds() == 120


def test_who_drips_is_cut_off(web: Web) -> None:
    def drip(request: http.server.BaseHTTPRequestHandler) -> None:
        try:
            for _ in range(100):
                request.wfile.write(b"H")  # not even the status line comes to an end
                request.wfile.flush()
                time.sleep(0.1)
        except OSError:
            return

    web.pages["/drip"] = drip
    began = time.monotonic()
    refused("slow", "http://site.example/drip", seconds=0.6)
    assert time.monotonic() - began < 3


def test_a_feed_gives_its_posts_in_plain_words(web: Web) -> None:
    feed = read_feed(web.put("/feed", RSS, kind=XML, ETag='"f"'), reach=REAL)
    (entry,) = feed.entries
    assert (feed.title, feed.etag) == ("Nadia", '"f"')
    assert (entry.url, entry.title, entry.text) == (
        "https://nadia.example/kopi",
        "Kopi & roti",
        "Iklan: kopi gratis\nenak",
    )
    assert entry.published and entry.published.isoformat() == "2026-11-20T10:00:00+00:00"
    page = web.put("/blog", '<link rel="alternate" type="application/rss+xml" href="/feed">')
    assert read_feed(page, reach=REAL).url == "http://site.example/feed"


@pytest.mark.parametrize("body", [LAUGHS, XXE, LAUGHS.encode("utf-16"), XXE.replace("ENTITY", "EnTiTy")])
def test_a_feed_that_declares_entities_is_refused(web: Web, body: str | bytes) -> None:
    with pytest.raises(NotFetched, match="unsafe"):
        read_feed(web.put("/feed", body, kind=XML), reach=REAL)


@pytest.mark.parametrize("body", ["/etc/passwd", "http://site.example/other", "", "<html></html>", "\0" * 1000])
def test_what_is_no_feed_is_not_taken_for_an_address_or_a_file(web: Web, body: str) -> None:
    with pytest.raises(NotFetched, match="kind"):
        read_feed(web.put("/feed", body, kind=XML), reach=REAL)
    assert web.connected == [PUBLIC]


def test_a_page_tells_its_words_by_open_graph_or_oembed(web: Web) -> None:
    head = (
        '<title>t</title><link rel="canonical" href="http://site.example/post/1">'
        '<meta property="og:description" content="Iklan: kopi &amp; roti">'
        '<meta property="article:published_time" content="2026-11-20T10:00:00Z">'
    )
    page = read_page(web.put("/p?utm_source=x", head), reach=REAL)
    assert (page.url, page.title, page.text) == ("http://site.example/post/1", "t", "Iklan: kopi & roti")
    assert page.published and page.published.year == 2026
    web.put("/oembed", '{"html": "<blockquote><p>Kopi enak</p></blockquote>"}', kind="application/json")
    named = '<link rel="alternate" type="application/json+oembed" href="/oembed">'
    assert read_page(web.put("/q", named), reach=REAL).text == "Kopi enak"
    claims = '<link rel="canonical" href="http://other.example/theirs">'
    assert read_page(web.put("/r", claims), reach=REAL).url == "http://site.example/r"


def test_one_address_is_one_however_it_was_shared() -> None:
    shared = "http://Nadia.Example:80/kopi/?utm_source=ig&page=2#top"
    assert canonical(shared) == canonical("https://nadia.example/kopi?page=2") == "https://nadia.example/kopi?page=2"

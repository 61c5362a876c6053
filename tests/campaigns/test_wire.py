"""What a plan names by address is fetched from the public internet only, within a size and a time."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from campaigns.wire import NotFetched, fetched

ALLOWED = frozenset({"127.0.0.1"})


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/to-metadata":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/")
            self.end_headers()
            return
        self.send_response(200 if self.path != "/missing" else 404)
        self.end_headers()
        self.wfile.write(b"x" * 5000)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def neighbour() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_file_comes_with_its_name(neighbour: str) -> None:
    with fetched(f"{neighbour}/a/kopi.jpg?x=1", limit=10_000, allowed=ALLOWED) as (file, name):
        assert (len(file.read()), name) == (5000, "kopi.jpg")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x.jpg",
        "http://localhost/x.jpg",
        "http://[::1]/x.jpg",
        "http://[::ffff:10.0.0.1]/x.jpg",
        "http://10.1.2.3/x.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/x.jpg",
        "http://2130706433/x.jpg",
        "http://93.184.216.34:22/x.jpg",
    ],
)
def test_private_addresses_are_refused(url: str) -> None:
    with pytest.raises(NotFetched, match="private"), fetched(url, limit=10):
        pass


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.com/x", "gopher://x", "http://", "kopi.jpg", "http://me:pw@example.com/x"],
)
def test_only_plain_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(NotFetched, match="address"), fetched(url, limit=10):
        pass


def test_a_redirect_into_the_house_is_refused(neighbour: str) -> None:
    with pytest.raises(NotFetched, match="private"), fetched(f"{neighbour}/to-metadata", limit=10, allowed=ALLOWED):
        pass


def test_too_large_and_missing_are_told_apart(neighbour: str) -> None:
    with pytest.raises(NotFetched, match="large"), fetched(f"{neighbour}/x", limit=100, allowed=ALLOWED):
        pass
    with pytest.raises(NotFetched, match="status"), fetched(f"{neighbour}/missing", limit=100, allowed=ALLOWED):
        pass

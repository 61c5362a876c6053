"""Every trick we know to make a server call its own house, and the traps that notice when one works."""

from __future__ import annotations

import gzip
import http.server
import ipaddress
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

PUBLIC = "93.184.216.34"  # where every public name of this little world is; our own server stands behind it
REFUSED = frozenset({"address", "private"})
UNKNOWN = REFUSED | {"unreachable"}


class Vector(NamedTuple):
    """One address to be refused. `{p}` is the canary's port; `words`: the reasons that are clear enough for it."""

    url: str
    what: str
    words: frozenset[str] = REFUSED


NUMBERS = (
    *("127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1"),
    *(
        "0177.0.0.1",
        "0177.0.0.01",
        "0x7f.1",
        "0x7F.0x0.0x0.0x1",
        "00000177.0.0.1",
        "127.0x0.0.1",
        "0",
        "0.0.0.0",
        "0x0",
    ),
    *("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.255", "100.64.0.1"),
    *("169.254.169.254", "169.254.170.2", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "100.100.100.200"),
    *(
        "192.0.0.192",
        "198.18.0.1",
        "192.0.2.1",
        "203.0.113.5",
        "240.0.0.1",
        "255.255.255.255",
        "224.0.0.1",
        "239.1.1.1",
    ),
    "192.88.99.1",
)
SIXES = (
    *("::1", "::", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:169.254.169.254", "::127.0.0.1"),
    *("::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::"),
    *(
        "2002:a9fe:a9fe::",
        "2001:0:7f00:1::",
        "2001:0:5db8:d822::80ff:fffe",
        "fe80::1",
        "fe80::1%25lo",
        "fe80::1%25eth0",
    ),
    *("fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "2001:db8::1", "100::1", "2001:10::1", "4000::1"),
    *("2606:4700:0:0:0:5efe:7f00:1", "2606:4700::200:5efe:a9fe:a9fe", "5f00::1", "3fff::1"),
)
NAMES = (
    *("localhost", "LOCALHOST", "localhost.", "LocalHost", "sub.localhost", "inside.test", "INSIDE.test.", "six.test"),
    *("mixed.test", "mixed6.test", "cname.test", "chain.test", "metadata.test", "mapped.test", "nat64.test"),
    *("cloud.test", "zero.test", "broadcast.test", "linklocal6.test", "loop127.test"),
)
WIDE = ("①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "127．0．0．1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "inside。test")
WRITTEN = (
    ("http://{public}@127.0.0.1:{p}/", "a name in front of @"),
    ("http://127.0.0.1:{p}@{public}/", "an address in front of @"),
    ("http://:secret@127.0.0.1:{p}/", "only a password"),
    ("http://@127.0.0.1:{p}/", "an empty name"),
    ("http://{public}\\@127.0.0.1:{p}/", "a backslash"),
    ("http://127.0.0.1:{p}\\.{public}/", "a backslash the other way"),
    ("http://{public}#@127.0.0.1:{p}/", "a fragment, then @ (harmless: the public page)"),
    ("http:127.0.0.1:{p}/", "no slashes"),
    ("http:///127.0.0.1:{p}/", "three slashes"),
    ("//127.0.0.1:{p}/", "no scheme"),
    ("http://127.0.0.1:{p}\r\nHost: {public}/", "CR LF in the host"),
    ("http://{public}/\r\nX: y", "CR LF in the path"),
    ("http://{public}/%0d%0aX:%20y", "encoded CR LF stays encoded (harmless)"),
    ("http://127.0.0.1\t:{p}/", "a tab"),
    ("http://\x00127.0.0.1:{p}/", "a zero byte"),
    (" http://127.0.0.1:{p}/", "a space in front"),
    ("http://%31%32%37.0.0.1:{p}/", "an encoded host"),
    ("http://[::1]:{p}]/", "a bracket too many"),
    ("http://[127.0.0.1]:{p}/", "brackets around four numbers"),
    ("http://127.0.0.1:{p}:80/", "two ports"),
    ("http://127.0.0.1:99999/", "no port"),
    ("http://127.0.0.1:-1/", "a negative port"),
    ("http://{public}:22/", "a port for people with keys"),
    ("http://{public}:6379/", "a port of a database"),
    ("file:///etc/passwd", "a file"),
    ("gopher://127.0.0.1:{p}/_X", "gopher"),
    ("ftp://127.0.0.1:{p}/", "ftp"),
    ("dict://127.0.0.1:{p}/x", "dict"),
    ("ldap://127.0.0.1:{p}/", "ldap"),
    ("data:text/html,x", "data"),
    ("jar:http://127.0.0.1:{p}!/", "jar"),
    ("javascript:alert(1)", "a script"),
    ("", "nothing"),
    ("http://", "no host"),
)
HARMLESS = frozenset({"a fragment, then @ (harmless: the public page)", "encoded CR LF stays encoded (harmless)"})
ANSWERS: Mapping[str, list[list[str]]] = {  # name -> what it answers, one list a question; the last one for ever
    "public.test": [[PUBLIC]],
    "inside.test": [["127.0.0.1"]],
    "six.test": [["::1"]],
    "mixed.test": [[PUBLIC, "127.0.0.1"]],
    "mixed6.test": [[PUBLIC, "::1"]],
    "cname.test": [["CNAME inside.test", "127.0.0.1"]],
    "chain.test": [["CNAME cname.test", "CNAME inside.test", "127.0.0.1"]],
    "metadata.test": [["169.254.169.254"]],
    "cloud.test": [["168.63.129.16", "10.0.0.4"]],
    "mapped.test": [["::ffff:127.0.0.1"]],
    "nat64.test": [["64:ff9b::7f00:1"]],
    "zero.test": [["0.0.0.0"]],
    "broadcast.test": [["255.255.255.255"]],
    "linklocal6.test": [["fe80::1"]],
    "loop127.test": [["127.13.37.1"]],
    "rebind.test": [[PUBLIC], ["127.0.0.1"]],
    "rebind6.test": [[PUBLIC], ["::1"]],
}
INWARD = (
    *(
        "http://127.0.0.1:{p}/",
        "http://inside.test:{p}/",
        "http://[::1]:{p}/",
        "//127.0.0.1:{p}/",
        "http://2130706433:{p}/",
    ),
    *(
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{p}/_",
        "ftp://127.0.0.1:{p}/",
    ),
    *("data:text/plain,x", "http://me@127.0.0.1:{p}/", "http://127.0.0.1:{p}\\.public.test/", "http://mixed.test:{p}/"),
)
STATUSES = (301, 302, 303, 307, 308)
ODD_STATUSES = (300, 304, 305, 306)  # a Location here is no redirect


def direct(port: int) -> list[Vector]:
    """Addresses that are inward, or none, as they stand."""
    found = [Vector(f"http://{host}:{port}/", f"number {host}") for host in NUMBERS]
    found += [Vector(f"http://[{host}]:{port}/", f"IPv6 {host}") for host in SIXES]
    found += [Vector(f"http://{host}:{port}/", f"name {host}", UNKNOWN) for host in NAMES]
    found += [Vector(f"http://{host}:{port}/", f"wide {host}", UNKNOWN) for host in WIDE]
    found += [
        Vector(url.replace("{p}", str(port)).replace("{public}", "public.test"), what, UNKNOWN)
        for url, what in WRITTEN
        if what not in HARMLESS
    ]
    return found


def redirected(port: int) -> list[Vector]:
    """Public addresses that send whoever follows inward."""
    found = []
    for number, inward in enumerate(INWARD):
        goal = inward.replace("{p}", str(port))
        status = STATUSES[number % len(STATUSES)]
        found.append(Vector(hop(status, goal), f"{status} to {inward}"))
        found.append(Vector(hop(302, hop(status, goal)), f"two hops, {status} to {inward}"))
    found += [Vector(hop(status, f"http://127.1:{port}/"), f"each status: {status}") for status in STATUSES]
    odd = frozenset({"status", "private", "address"})
    found += [Vector(hop(status, f"http://127.0.0.1:{port}/"), f"odd status {status}", odd) for status in ODD_STATUSES]
    return found


def hop(status: int, goal: str) -> str:
    return f"http://public.test:8080/hop/{status}/{quote(goal, safe='')}"


@dataclass
class Traps:
    """A canary on every loopback address, a name server, and a public web that sends people inward."""

    port: int = 0
    heard: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    names: tuple[str, int] = ("", 0)
    web: int = 0
    paths: list[str] = field(default_factory=list)

    @property
    def inside(self) -> list[str]:
        """Every connection inward, made or only tried."""
        return self.heard + self.tried


@contextmanager
def laid(patch: Callable[[str, Any], None]) -> Iterator[Traps]:
    """The traps, until the end. `patch(name, stub)` replaces getaddrinfo and create_connection of the sockets used."""
    traps = Traps()
    both = ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::1"))
    canaries = [_canary(traps, family, where) for family, where in both]
    name_server = _NameServer(traps)
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _pages(traps))
    traps.names, traps.web = name_server.server_address[:2], web.server_port
    for server in (name_server, web):
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    real_connect, real_names = socket.create_connection, socket.getaddrinfo

    def connect(where: tuple[str, int], *more: Any, **named: Any) -> socket.socket:
        if where[0] == PUBLIC:
            return real_connect(("127.0.0.1", traps.web), 5)
        traps.tried.append(str(where))
        return real_connect(where, 0.2)

    def resolve(host: str, port: int, *more: Any, **named: Any) -> list[Any]:
        name = host.rstrip(".").lower()
        if name.endswith((".test", ".localhost")):
            return _asked(traps, name, port)
        if any(letter.isalpha() and letter not in "xabcdefABCDEFX" for letter in host) and name != "localhost":
            raise socket.gaierror(socket.EAI_NONAME, "no such name here")
        return real_names(host, port, *more, **named)

    patch("create_connection", connect)
    patch("getaddrinfo", resolve)
    try:
        yield traps
    finally:
        for each in (name_server, web):
            each.shutdown()
            each.server_close()
        for canary in canaries:
            if canary:
                canary.close()


def _canary(traps: Traps, family: socket.AddressFamily, where: str) -> socket.socket | None:
    """Counts whoever connects; on the same port for both families. None where the machine has no IPv6."""
    listener = socket.socket(family)
    try:
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((where, traps.port))
    except OSError:
        listener.close()
        return None
    traps.port = traps.port or listener.getsockname()[1]
    listener.listen(64)

    def hear() -> None:
        while True:
            try:
                caller, address = listener.accept()
            except OSError:
                return
            traps.heard.append(str(address))
            caller.close()

    threading.Thread(target=hear, daemon=True).start()
    return listener


class _NameServer(socketserver.ThreadingUDPServer):
    """A real DNS server: A, AAAA and CNAME records, and names that change their mind."""

    daemon_threads = True

    def __init__(self, traps: Traps) -> None:
        self.traps = traps
        super().__init__(("127.0.0.1", 0), _Question)


class _Question(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        packet, channel = self.request
        name, end = _name_in(packet)
        (kind,) = struct.unpack("!H", packet[end : end + 2])
        records = _records(self.server.traps, name, kind)  # type: ignore[attr-defined]  # our own server
        head = packet[:2] + struct.pack("!HHHHH", 0x8180 if records else 0x8183, 1, len(records), 0, 0)
        channel.sendto(head + packet[12 : end + 4] + b"".join(records), self.client_address)


def _name_in(packet: bytes) -> tuple[str, int]:
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode())
        at += 1 + packet[at]
    return ".".join(labels), at + 1


def _records(traps: Traps, name: str, kind: int) -> list[bytes]:
    """The records of one answer, TTL 0. Only a question for A moves a changing name on."""
    answers = ANSWERS.get(name, [])
    if not answers:
        return []
    turn = traps.asked.get(name, 0)
    if kind == 1:
        traps.asked[name] = turn + 1
    else:
        turn = max(0, turn - 1)
    made = []
    for each in answers[min(turn, len(answers) - 1)]:
        if each.startswith("CNAME "):
            made.append(_record(5, b"".join(bytes([len(p)]) + p.encode() for p in each[6:].split(".")) + b"\0"))
            continue
        ip = ipaddress.ip_address(each)
        if kind == {4: 1, 6: 28}[ip.version]:
            made.append(_record(kind, ip.packed))
    return made


def _record(kind: int, data: bytes) -> bytes:
    return b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(data)) + data


def _asked(traps: Traps, name: str, port: int) -> list[Any]:
    """What a resolver does: ask for A, then for AAAA, over UDP."""
    found: list[Any] = []
    for kind, family in ((1, socket.AF_INET), (28, socket.AF_INET6)):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.settimeout(2)
            asked = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
            line.sendto(b"\x12\x34\x01\x00\0\x01\0\0\0\0\0\0" + asked + struct.pack("!HH", kind, 1), traps.names)
            answer = line.recv(2048)
        for address in _addresses(answer, kind):
            found.append((family, socket.SOCK_STREAM, 6, "", (address, port)))
    if not found:
        raise socket.gaierror(socket.EAI_NONAME, "no such name here")
    return found


def _addresses(answer: bytes, wanted: int) -> Iterator[str]:
    (count,) = struct.unpack("!H", answer[6:8])
    _name, at = _name_in(answer)
    at += 4
    for _each in range(count):
        kind, _cls, _ttl, size = struct.unpack("!HHIH", answer[at + 2 : at + 12])
        if kind == wanted:
            yield str(ipaddress.ip_address(answer[at + 12 : at + 12 + size]))
        at += 12 + size


BOMB = gzip.compress(b"\0" * 60_000_000)


def _pages(traps: Traps) -> type[http.server.BaseHTTPRequestHandler]:
    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            traps.paths.append(self.path)
            kind, _, rest = self.path.lstrip("/").partition("/")
            if kind == "hop":
                status, _, goal = rest.partition("/")
                self._answer(int(status), b"", Location=unquote(goal))
            elif kind == "bomb":
                self._answer(200, BOMB, Content_Encoding="gzip")
            elif kind == "drip":
                self._drip()
            else:
                self._answer(200, b"<html><title>public</title></html>")

        do_POST = do_GET

        def _answer(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "text/html", **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _drip(self) -> None:
            try:
                for _each in range(200):
                    self.wfile.write(b"H")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                return

        def log_message(self, *_: object) -> None: ...

    return Pages

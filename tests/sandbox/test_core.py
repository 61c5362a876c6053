"""The sandbox itself: its memory, its faults, its control interface and its pages."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import requests

from sandbox.faults import FAULTS
from sandbox.house import House
from sandbox.journal import Journal
from tests.sandbox.x_desk import Desk
from tests.sandbox_process import ROOT, SandboxProcess, running_sandbox


@pytest.fixture
def desk(sandbox: SandboxProcess) -> Desk:
    return Desk(sandbox)


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    with running_sandbox(data=tmp_path) as first:
        desk = Desk(first, handle="ingat")
        id = desk.posted(text="masih ada")
        first.control("say", network="x", author="rinamaharani", parent=id, text="ya")
        first.fault("x", "slow", "ingat", times=7)
        first.control("settings", advance=60)
        before = first.ask("ledger", network="x", account=desk.id)
    with running_sandbox(data=tmp_path) as second:
        again = Desk(second, desk.account)
        assert [post["text"] for post in second.posts("x", "ingat")] == ["masih ada"]
        assert [post["text"] for post in second.ask("posts", network="x", root=id)] == ["ya"]
        assert [fault["times"] for fault in second.ask("faults", network="x")] == [7]
        assert second.ask("ledger", network="x", account=desk.id) == before
        second.control("faults/clear")
        assert again.post(text="masih ada").status_code == 403
        assert again.posted(text="baru") > id
        assert 55 < second.ask("state")["now"] - time.time() < 65


def test_a_line_cut_off_by_a_crash_is_left_out(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append({"k": "a"})
    journal.close()
    with (tmp_path / "journal.jsonl").open("ab") as file:
        file.write(b'{"k": "half')
    again = Journal(tmp_path)
    assert [record for _, record in again.replay()] == [{"k": "a"}]
    again.append({"k": "b"})
    assert [record["k"] for _, record in again.replay()] == ["a", "b"]
    again.close()


def test_a_fault_strikes_as_often_as_told(desk: Desk, sandbox: SandboxProcess) -> None:
    sandbox.fault("x", "error_before", desk.handle, times=2)
    assert [desk.post(text=f"n {place}").status_code for place in range(4)] == [500, 500, 201, 201]
    assert desk.call("GET", "/2/users/me").status_code == 200


def test_a_fault_hits_its_account_only(desk: Desk, sandbox: SandboxProcess) -> None:
    other = Desk(sandbox)
    sandbox.fault("x", "policy", desk.id)
    assert (desk.post(text="a").status_code, other.post(text="a").status_code) == (403, 201)
    sandbox.control("faults/clear", network="x", account=desk.id)
    desk.posted(text="b")


def test_a_seeded_rate_can_be_replayed(desk: Desk, sandbox: SandboxProcess) -> None:
    def run() -> list[int]:
        sandbox.control("faults/clear")
        sandbox.fault("x", "error_before", desk.id, rate=0.5, seed=7, on=["identity"])
        return [desk.call("GET", "/2/users/me").status_code for _ in range(20)]

    first = run()
    assert first == run() and {200, 500} == set(first)


def test_slow_and_late(desk: Desk, sandbox: SandboxProcess) -> None:
    for fault in ("slow", "late_reply"):
        sandbox.fault("x", fault, desk.id, times=1, params={"seconds": 0.3})
        started = time.monotonic()
        desk.posted(text=fault)
        assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "truncated"])
def test_broken_connections_break(desk: Desk, sandbox: SandboxProcess, fault: str) -> None:
    sandbox.fault("x", fault, desk.id, times=1)
    with pytest.raises(requests.RequestException):
        desk.post(text=fault)
    stored = [post["text"] for post in sandbox.posts("x", desk.id)]
    assert stored == ([] if fault == "reset_before" else [fault])
    [entry] = sandbox.ask("ledger", network="x", account=desk.id, does="publish")
    assert entry["fault"] == [fault] and json.loads(entry["body"]) == {"text": fault}


def test_a_refused_call_is_not_said_to_be_stored(desk: Desk, sandbox: SandboxProcess) -> None:
    sandbox.fault("x", "reset_after", desk.id, times=1)
    assert desk.post(text="a" * 300).status_code == 400
    with pytest.raises(requests.RequestException):
        desk.post(text="b")


@pytest.mark.parametrize(
    ("fault", "seen"),
    [("listing_empty", []), ("listing_stale", ["old"]), ("listing_lag", []), ("listing_partial", ["new"])],
)
def test_listings_can_lie(desk: Desk, sandbox: SandboxProcess, fault: str, seen: list[str]) -> None:
    desk.posted(text="old")
    if fault == "listing_partial":
        desk.posted(text="middle")
    sandbox.fault("x", fault, desk.id)
    desk.posted(text="new")
    body = desk.call("GET", f"/2/users/{desk.id}/tweets").json()
    texts = [post["text"] for post in body.get("data", [])]
    assert (texts == seen) if fault != "listing_partial" else (len(texts) < 3 and "next_token" in body["meta"])


def test_every_fault_of_before_and_after_can_be_switched(desk: Desk, sandbox: SandboxProcess) -> None:
    for place, (name, kind) in enumerate(FAULTS.items()):
        if kind.stage not in ("before", "after") or "token" in kind.on or "list" in kind.on[:1]:
            continue
        sandbox.fault("x", name, desk.id, times=1, on=["publish"], params={"seconds": 0.01})
        try:
            reply = desk.post(text=f"{name} {place}")
            clean = reply.status_code == 201 and reply.json()["data"].get("id")
        except (requests.RequestException, ValueError):
            clean = ""
        assert bool(clean) is (name in ("slow", "late_reply")), name
        [entry] = sandbox.ask("ledger", network="x", account=desk.id, does="publish", limit=1)
        assert entry["fault"] == [name]


def test_the_control_interface_says_what_is_wrong(sandbox: SandboxProcess) -> None:
    for verb, asked in (
        ("faults", {"network": "x", "fault": "magic"}),
        ("faults", {"network": "x", "fault": "slow", "account": "nobody"}),
        ("say", {"network": "x", "author": "rinamaharani", "parent": "1", "text": "a"}),
        ("say", {"network": "x", "author": "rinamaharani"}),
    ):
        reply = requests.post(f"{sandbox.url}/_control/{verb}", json=asked, timeout=5)
        assert reply.status_code == 400 and reply.json()["error"], verb


def test_many_ready_accounts_at_once(sandbox: SandboxProcess) -> None:
    made = sandbox.control("accounts", network="x", count=200)["accounts"]
    assert len({account["id"] for account in made}) == len({a["token"]["id"] for a in made}) == 200
    assert Desk(sandbox, made[199]).call("GET", "/2/users/me").json()["data"]["id"] == made[199]["id"]


def test_a_post_costs_little(sandbox: SandboxProcess) -> None:
    sandbox.control("settings", rate_scale=100)
    desk = Desk(sandbox)
    started = time.monotonic()
    for place in range(200):
        desk.posted(text=f"n {place}")
    assert (time.monotonic() - started) / 200 < 0.1


def test_latency_is_added_to_every_call(desk: Desk, sandbox: SandboxProcess) -> None:
    sandbox.control("settings", latency_ms=200)
    started = time.monotonic()
    desk.call("GET", "/2/users/me")
    assert time.monotonic() - started >= 0.2


def test_unknown_hosts_and_paths(sandbox: SandboxProcess, desk: Desk) -> None:
    assert requests.get(f"{sandbox.url}/example.com/x", timeout=5).status_code == 404
    assert desk.call("GET", "/2/nothing").status_code == 404
    assert desk.call("PATCH", "/2/tweets").status_code == 405


def test_pages_show_what_a_reader_sees(desk: Desk, sandbox: SandboxProcess) -> None:
    id = desk.posted(text="<b>Kopi</b> pagi")
    url = f"{sandbox.url}/_feed/x/{desk.id}"
    form = {"verb": "comment", "parent": id, "author": sandbox.ask("state")["networks"]["x"]["people"][1]["id"]}
    requests.post(url, data={**form, "text": "Enak <script>"}, timeout=5).raise_for_status()
    page = requests.get(url, timeout=5)
    assert "&lt;b&gt;Kopi" in page.text and "Enak &lt;script&gt;" in page.text and "Rina Maharani" in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    browser = {"Accept": "text/html"}
    found = requests.get(f"{sandbox.url}/x.com/{desk.handle}/status/{id}", headers=browser, timeout=5)
    assert found.url.startswith(url)
    requests.post(url, data={"verb": "fault", "fault": "slow", "account": desk.id, "times": "3"}, timeout=5)
    assert [(f["name"], f["times"]) for f in sandbox.ask("faults", network="x")] == [("slow", 3)]
    ledger = requests.get(f"{sandbox.url}/_ledger", params={"stored": id}, timeout=5).text
    assert "What a reader sees" in ledger and "&lt;b&gt;Kopi" in ledger
    assert requests.get(sandbox.url, timeout=5).status_code == 200


def test_the_readme_names_every_fault_and_call() -> None:
    text = (ROOT / "sandbox" / "README.md").read_text()
    assert [name for name in FAULTS if f"`{name}`" not in text] == []
    from_code = (ROOT / "sandbox" / "control.py").read_text()
    verbs = [line.split('"')[1] for line in from_code.splitlines() if line.startswith('    "') and line.endswith(",")]
    assert [verb for verb in verbs if verb.split("/")[-1] not in text] == []


def test_every_wire_keeps_its_promises() -> None:
    for slug, wire in House(None, "http://127.0.0.1:9").wires.items():
        of_sites = any(host.startswith("*.") for host in wire.hosts)  # each gives passwords of its own, without scopes
        assert wire.slug == slug and wire.hosts and (wire.scopes or of_sites)
        paths = [(route.method, route.path, host) for route in wire.routes() for host in route.hosts or wire.hosts]
        assert len(paths) == len(set(paths)), slug

"""A host is a workspace's own once it shows so, and a link that leads nowhere is told of."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import dns.message
import dns.rcode
import dns.rrset
import pytest
from django.utils import timezone
from pytest_django import Settings

from smo.actions import domains, shorten
from smo.actions.checking import check_due
from smo.models import Domain, TrackedLink
from smo.protocol import NotTracked
from tests.cast import Cast
from tests.networks.test_fetch import Web
from workspaces.models import Notice
from workspaces.tenancy import entered

HOST = "go.warung.example"


class _Question(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        packet, channel = self.request
        asked = dns.message.from_wire(packet)
        name = asked.question[0].name
        answer = dns.message.make_response(asked)
        texts = self.server.texts.get(name.to_text(omit_final_dot=True))  # type: ignore[attr-defined]  # our own server
        if texts:
            answer.answer.append(dns.rrset.from_text(name, 0, "IN", "TXT", *(f'"{text}"' for text in texts)))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        channel.sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def texts(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """The TXT records that a real name server on this machine answers with, by name."""
    server: Any = socketserver.ThreadingUDPServer(("127.0.0.1", 0), _Question)  # Any: it carries the records
    server.daemon_threads, server.texts = True, {}
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.DNS_SERVERS = [f"127.0.0.1:{server.server_address[1]}"]
    monkeypatch.setattr(domains, "SECONDS", 0.5)
    yield server.texts
    server.shutdown()
    server.server_close()


def test_a_domain_is_its_workspaces_own_only_with_its_own_record(cast: Cast, texts: dict[str, list[str]]) -> None:
    with entered(cast.workspace.pk):
        domain = domains.add_domain(HOST, way=Domain.Way.DNS, by=cast.alice)
        assert domains.look_for_proof(domain) == "missing"
        texts[f"_gardu.{HOST}"] = ["v=spf1 -all", "gardu-0123456789abcdef"]
        assert domains.look_for_proof(domain) == "other"
        assert not domains.keep_proof(domain, "other", by=cast.alice).main
        assert "://go." not in shorten("https://warung.example/menu", by=cast.bob).short
        texts[f"_gardu.{HOST}"].append(domain.token)
        assert domains.look_for_proof(domain) == ""
        assert domains.keep_proof(domain, "", by=cast.alice).main
        assert shorten("https://warung.example/menu", by=cast.bob).short.startswith(f"https://{HOST}/")


def test_a_silent_name_server_proves_nothing(cast: Cast, texts: dict[str, list[str]], settings: Settings) -> None:
    settings.DNS_SERVERS = ["127.0.0.1:1"]
    with entered(cast.workspace.pk):
        domain = domains.add_domain(HOST, way=Domain.Way.DNS, by=cast.alice)
        assert domains.look_for_proof(domain) == "unreachable"
        domains.keep_proof(domain, "unreachable", by=cast.alice)
        assert domain.verified_at is None


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "a b.example", "-x.example", "x..example", "testserver"])
def test_what_is_no_public_host_is_no_domain(cast: Cast, host: str) -> None:
    with entered(cast.workspace.pk), pytest.raises(NotTracked):
        domains.add_domain(host, way=Domain.Way.DNS, by=cast.alice)


def test_a_target_that_is_gone_is_found_and_people_are_told_once(transactional_db: None, cast: Cast, web: Web) -> None:
    with entered(cast.workspace.pk):
        gone = shorten(web.put("/gone", "Not here", status=404), by=cast.bob)
        there = shorten(web.put("/menu", "<title>Menu</title>"), by=cast.bob)
        shy = shorten(web.put("/members", "Sign in", status=403), by=cast.bob)
    assert check_due() == 3
    with entered(cast.workspace.pk):
        broken = {link.pk: link.broken_why for link in TrackedLink.objects.broken()}
        assert broken == {gone.pk: "status 404"}
        told = set(Notice.objects.filter(kind="link-broken").values_list("member_id", flat=True))
        assert cast.bob.pk in told
    assert check_due() == 0, "looked at today already"
    web.put("/gone", "<title>Back</title>")
    with entered(cast.workspace.pk):
        TrackedLink.objects.update(checked_at=timezone.now() - timedelta(days=2))
    assert check_due() == 3
    with entered(cast.workspace.pk):
        assert not TrackedLink.objects.broken().exists()
        assert Notice.objects.filter(kind="link-broken").count() == len(told)
    assert there.pk != shy.pk

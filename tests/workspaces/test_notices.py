"""People hear of what needs them: in the app, by mail, and by their own server, once each and in their language."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.cast import Cast
from workspaces.actions import choose_mail, make_hook, notify, redeliver
from workspaces.models import Delivery, Hook, Member, Notice
from workspaces.protocol import Note
from workspaces.tasks import tell
from workspaces.tenancy import entered
from workspaces.wire import Private

NOTE = Note(
    slug="test-note", title="%(what)s broke", body="It was due %(due)s.", action="Mend it", about="Something broke"
)


class Listener:
    """A customer's server that answers what it is told to, and keeps what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(listener.answers.pop(0) if listener.answers else 204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hear"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def listener(settings: Settings) -> Iterator[Listener]:
    settings.HOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.VAULT_KEYS = "test:dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHQ="
    found = Listener()
    yield found
    found.server.shutdown()


def told(cast: Cast, *members: Member, key: str = "k1") -> list[Notice]:
    return notify(members, note=NOTE, key=key, url="/w/warung-uji/calendar/", what="A post", due="Monday")


def work() -> None:
    """What the clock does, here and now."""
    from smm.celery import app  # noqa: PLC0415 - the worker's own application

    app.conf.task_always_eager = True
    try:
        tell()
    finally:
        app.conf.task_always_eager = False


def test_a_member_is_told_once_and_opening_it_marks_it_seen(cast: Cast, client: Client) -> None:
    with entered(cast.workspace.pk):
        (notice,) = told(cast, cast.alice)
        assert told(cast, cast.alice) == [notice]
        assert len(told(cast, cast.alice, cast.bob)) == 2
    client.force_login(cast.alice.user)
    page = client.get(reverse("workspaces:notices", args=[cast.workspace.slug])).content.decode()
    assert "A post broke" in page and "Mend it" in page
    opened = client.get(reverse("workspaces:open_notice", args=[cast.workspace.slug, notice.pk]))
    assert opened["Location"] == "/w/warung-uji/calendar/"
    shown = client.get(f"/api/v1/w/{cast.workspace.slug}/notices/?unread=1").json()
    assert shown == []
    client.force_login(cast.bob.user)
    assert client.get(reverse("workspaces:open_notice", args=[cast.workspace.slug, notice.pk])).status_code == 404


def test_each_reads_it_in_their_own_language_and_by_mail_only_if_they_want(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        cast.bob.user.language = "id"
        choose_mail({NOTE.slug: False}, by=cast.alice)
        note = Note("test-language", title=_lazy("Notices"), body="", action="Look", about="x")
        made = notify([cast.alice, cast.bob], note=note, key="k", url="/", n=1)
        assert {each.member_id: each.title for each in made} == {
            cast.alice.pk: "Notices",
            cast.bob.pk: "Pemberitahuan",
        }
        told(cast, cast.alice, cast.bob)
        assert {n.member_id: n.mail for n in Notice.objects.filter(key="k1")} == {
            cast.alice.pk: "none",
            cast.bob.pk: "due",
        }


def _lazy(text: str) -> object:
    from django.utils.translation import gettext_lazy  # noqa: PLC0415 - keeps the word out of the catalogue's guard

    return gettext_lazy(text)


@pytest.mark.django_db(transaction=True)
def test_a_mail_goes_out_once_with_one_action_and_is_tried_again_when_the_server_is_away(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with entered(cast.workspace.pk):
        (notice,) = told(cast, cast.bob)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _away)
    work()
    with entered(cast.workspace.pk):
        notice.refresh_from_db()
        assert notice.mail == "due" and notice.mail_due_at and notice.mail_due_at > timezone.now()
        Notice.objects.update(mail_due_at=timezone.now())
    monkeypatch.undo()
    work()
    work()
    (sent,) = mail.outbox
    assert sent.to == [cast.bob.user.email] and sent.subject == "A post broke"
    html = str(sent.alternatives[0][0])
    link = reverse("workspaces:open_notice", args=[cast.workspace.slug, notice.pk])
    assert link in sent.body and html.count(link) == 1 and "Mend it" in html
    with entered(cast.workspace.pk):
        notice.refresh_from_db()
        assert notice.mail == "sent"


def _away(*_: object) -> int:
    raise OSError("no mail server")


@pytest.mark.django_db(transaction=True)
def test_a_webhook_is_signed_tried_again_and_redelivered_under_the_same_id(cast: Cast, listener: Listener) -> None:
    with entered(cast.workspace.pk):
        hook, secret = make_hook(name="Ops", url=listener.url, kinds=[], by=cast.alice)
        make_hook(name="Other", url=listener.url, kinds=["something-else"], by=cast.alice)
        told(cast, cast.alice, cast.bob)
        told(cast, cast.dewi)  # the same happening: the server hears it once
    listener.answers = [500]
    work()
    assert len(listener.got) == 1
    with entered(cast.workspace.pk):
        delivery = Delivery.objects.get()
        assert delivery.state == "due" and delivery.log[0]["status"] == 500
        assert delivery.due_at and delivery.due_at > timezone.now() + timedelta(seconds=3)
        Delivery.objects.update(due_at=timezone.now())
    work()
    with entered(cast.workspace.pk):
        delivery.refresh_from_db()
        assert delivery.state == "sent" and len(delivery.log) == 2
        redeliver(delivery, by=cast.alice)
    work()
    assert len({headers["webhook-id"] for headers, _body in listener.got}) == 1 and len(listener.got) == 3
    headers, body = listener.got[-1]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert json.loads(body)["data"]["title"] == "A post broke"
    assert secret.encode() not in bytes(hook.sealed)


@pytest.mark.django_db(transaction=True)
def test_a_webhook_never_reaches_into_our_own_network(cast: Cast, listener: Listener, settings: Settings) -> None:
    with entered(cast.workspace.pk):
        make_hook(name="Inside", url=listener.url, kinds=[], by=cast.alice)
        settings.HOOK_PRIVATE_HOSTS = []
        with pytest.raises(Private):
            make_hook(name="Odd port", url=listener.url, kinds=[], by=cast.alice)
        Hook.objects.update(url="http://localhost:8080/hear")
        told(cast, cast.alice)
    work()
    with entered(cast.workspace.pk):
        assert "public internet" in Delivery.objects.get().log[0]["said"]
    assert listener.got == []


def test_a_manager_makes_a_webhook_and_sees_its_secret_once(cast: Cast, client: Client, settings: Settings) -> None:
    settings.VAULT_KEYS = "test:dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHQ="
    client.force_login(cast.alice.user)
    address = reverse("workspaces:hooks", args=[cast.workspace.slug])
    made = client.post(address, {"name": "Ops", "url": "https://example.com/hear"}).content.decode()
    assert "whsec_" in made
    assert "whsec_" not in client.get(address).content.decode()
    refused = client.post(address, {"name": "Ops", "url": "http://example.com/hear"}).content.decode()
    assert "cannot be called" in refused
    client.force_login(cast.bob.user)
    assert client.get(address).status_code == 403

"""The plan in other calendars: whole, in the workspace's zone, for its member alone, and gone when taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from campaigns.actions import ical
from campaigns.models import Post
from tests.cast import Cast
from workspaces.models import Member
from workspaces.tenancy import entered

WORDS = "Kopi; baru, pagi\nini \\ " + "é" * 300


def test_a_member_reads_the_plan_until_they_take_it_back(client: Client, cast: Cast) -> None:
    due = (timezone.now() + timedelta(days=2)).replace(hour=11, minute=20, second=0, microsecond=0)
    with entered(cast.workspace.pk):
        Post.objects.create(text=WORDS, stage=Post.Stage.PLACED, due_at=due, local_at=datetime(2027, 1, 1), zone="UTC")
        Post.objects.create(text="Masih draf", due_at=due, local_at=datetime(2027, 1, 1), zone="UTC")
    client.force_login(cast.bob.user)
    page = f"/w/{cast.workspace.slug}/calendar/subscription/"
    client.post(page, {"act": "make"})
    link = client.get(page).content.decode().split('data-copy="')[1].split('"')[0]
    path = link[link.index("/calendar/") :]
    anybody = Client()
    reply = anybody.get(path)
    assert reply["Content-Type"] == "text/calendar; charset=utf-8"
    lines = reply.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75 and b"\n" not in b"".join(lines), "folded as RFC 5545 says"
    (event,) = Calendar.from_ical(reply.content).walk("VEVENT")
    assert event["DTSTART"].params["TZID"] == "Asia/Jakarta" and event["DTSTART"].dt == due
    assert event["DTSTART"].dt.hour == 18 and len(Calendar.from_ical(reply.content).walk("VTIMEZONE")) == 1
    assert WORDS[:300] in str(event["DESCRIPTION"]) and str(event["UID"]).startswith("post-")
    assert anybody.get(path, headers={"If-None-Match": reply["ETag"]}).status_code == 304
    assert anybody.get(path.replace("/calendar/", "/calendar/x")).status_code == 404
    client.post(page, {"act": "renew"})
    assert anybody.get(path).status_code == 404
    with entered(cast.workspace.pk):
        fresh = ical.token_of(ical.give_address(by=cast.bob))
        assert anybody.get(f"/calendar/{fresh}.ics").status_code == 200
        Member.objects.get(pk=cast.bob.pk).delete()
    assert anybody.get(f"/calendar/{fresh}.ics").status_code == 404

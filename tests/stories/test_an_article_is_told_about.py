"""A blog post goes live; the other channels tell of it on days of their own, with its address; one press undoes it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.actions import fanning, placing, writing
from campaigns.models import FanOut, Post
from campaigns.protocol import Draft, NotPossible, Version
from campaigns.queries import around_of, told
from campaigns.queries.fanning import article_of, fan_out_of, listeners
from campaigns.rules import wall_time
from campaigns.tasks import fan_out_articles
from networks.models import Account
from publishing.models import Publication
from tests.publishing.post_office import PostOffice
from workspaces.tenancy import entered

TEXT = (
    "Kami menyeduh Gayo selama tiga puluh hari. Ini yang kami pelajari tentang suhu, air dan sabar.\n\nBegini caranya."
)
TITLE = "Tiga puluh hari Gayo"
ZONE = "Asia/Jakarta"


def article(office: PostOffice, blog: Account, **options: object) -> Post:
    with entered(office.cast.workspace.pk):
        version = Version(blog.pk, options=options)  # type: ignore[arg-type]  # plain words
        given = Draft(text=TEXT, title=TITLE, language="id", zone=ZONE, versions=(version,))
        return writing.draft(given, by=office.cast.bob)


def begin(office: PostOffice, post: Post, *turns: tuple[Account, str]) -> FanOut:
    with entered(office.cast.workspace.pk):
        variant = article_of(told(post.pk))
        assert variant is not None
        asked = [fanning.Turn(account, words) for account, words in turns]
        return fanning.fan_out(variant, asked, at=time(9, 30), gap_days=2, first_days=1, by=office.cast.bob)


def go_live(office: PostOffice, post: Post) -> Publication:
    with entered(office.cast.workspace.pk):
        placed = placing.publish_now(told(post.pk), by=office.cast.bob)
        publication = placed.variants.get().publication
    assert publication is not None
    return office.until(publication, "published")


def clock(office: PostOffice, fan: FanOut) -> FanOut:
    """The clock looks now."""
    with entered(office.cast.workspace.pk):
        FanOut.objects.filter(pk=fan.pk).exclude(look_at=None).update(look_at=timezone.now())
    fan_out_articles()
    with entered(office.cast.workspace.pk):
        return FanOut.objects.get(pk=fan.pk)


def told_of(office: PostOffice, fan: FanOut) -> list[Post]:
    with entered(office.cast.workspace.pk):
        return [told(turn.post_id) for turn in fan.turns.all() if turn.post_id]


def test_channels_wait_for_the_address_then_tell_of_it_on_days_of_their_own(office: PostOffice) -> None:
    blog, x, page = (office.account(slug) for slug in ("wordpress", "x", "facebook"))
    post = article(office, blog)
    with entered(office.cast.workspace.pk):
        assert {one.pk for one in listeners(told(post.pk))} == {x.pk, page.pk}
    fan = begin(office, post, (x, "Baru: {title} {link}"), (page, "{title}\n\n{excerpt}"), (x, "Belum baca? {title}"))
    assert clock(office, fan).state == FanOut.State.WAITING and told_of(office, fan) == []

    live = go_live(office, post)
    assert "wordpress" not in live.url and live.url.startswith("http")
    fan = clock(office, fan)
    clock(office, fan)  # looking twice plans nothing twice

    posts = told_of(office, fan)
    assert (fan.state, fan.link, len(posts)) == (FanOut.State.PLANNED, live.url, 3)
    assert [one.state for one in posts] == [Post.State.SCHEDULED] * 3
    assert posts[0].text == f"Baru: {TITLE} {live.url}" and posts[0].link == ""
    assert posts[1].text.startswith(f"{TITLE}\n\nKami menyeduh") and posts[1].link == live.url
    day = wall_time(live.published_at, ZONE).date()
    for place, one in enumerate(posts):
        assert one.local_at is not None and one.local_at.time() == time(9, 30)
        assert (one.local_at.date() - day).days == 1 + 2 * place
    assert [v.account_id for one in posts for v in one.variants.all()] == [x.pk, page.pk, x.pk]

    with entered(office.cast.workspace.pk):
        assert fanning.undo(fan, by=office.cast.bob) == 0
        with pytest.raises(NotPossible):
            fanning.undo(fan, by=office.cast.bob)
    assert [(one.stage, one.due_at) for one in told_of(office, fan)] == [(Post.Stage.DRAFT, None)] * 3
    with entered(office.cast.workspace.pk):
        assert not Publication.objects.filter(state="scheduled").exists()
        assert begin(office, post, (x, "{title}")).pk != fan.pk


def test_what_the_gate_stops_waits_as_a_draft_and_an_article_that_is_gone_is_told_of_no_more(
    office: PostOffice,
) -> None:
    blog, x, page = (office.account(slug) for slug in ("wordpress", "x", "facebook"))
    post = article(office, blog)
    fan = begin(office, post, (x, "{title} " + "panjang " * 60), (page, "{title}"))
    live = go_live(office, post)
    fan = clock(office, fan)
    stopped, planned = told_of(office, fan)
    with entered(office.cast.workspace.pk):
        first, second = fan.turns.all()
        assert first.reason and not second.reason
    assert (stopped.stage, planned.state) == (Post.Stage.DRAFT, Post.State.SCHEDULED)

    with entered(office.cast.workspace.pk):
        Publication.objects.filter(pk=live.pk).update(state="deleted_remote")
    fan = clock(office, fan)
    assert (fan.state, fan.look_at) == (FanOut.State.UNDONE, None) and "taken away" in fan.reason
    assert told_of(office, fan)[1].stage == Post.Stage.DRAFT


def test_a_draft_on_the_blog_has_no_address_to_tell_of(office: PostOffice) -> None:
    blog, x = office.account("wordpress"), office.account("x")
    post = article(office, blog, status="draft")
    fan = begin(office, post, (x, "{title}"))
    go_live(office, post)
    fan = clock(office, fan)
    assert fan.state == FanOut.State.WAITING and fan.reason and told_of(office, fan) == []


def test_customs_are_given_the_excerpt_too(office: PostOffice) -> None:
    """What lists and previews show beside the article is judged with it."""
    post = article(office, office.account("wordpress"), excerpt="Rasanya seperti pagi.", tags="gayo, pagi")
    with entered(office.cast.workspace.pk):
        (variant,) = told(post.pk).variants.all()
        assert around_of(variant) == {"link_preview": "gayo, pagi\nRasanya seperti pagi."}
        placed = placing.schedule(
            told(post.pk), at=wall_time(timezone.now(), ZONE) + timedelta(hours=2), by=office.cast.bob
        )
        publication = placed.variants.get().publication
    assert publication is not None and publication.around["link_preview"].endswith("Rasanya seperti pagi.")


def test_the_page_and_the_api_begin_it_and_take_it_back(office: PostOffice) -> None:
    blog, x = office.account("wordpress"), office.account("x")
    post, slug = article(office, blog), office.cast.workspace.slug
    client = Client()
    client.force_login(office.cast.bob.user)
    page, api = (reverse(f"campaigns:{name}", args=[slug, post.pk]) for name in ("fan_out", "api_fan_out"))
    asked = {"at": "09:30", "first_days": "1", "gap_days": "3", "account": [str(x.pk)], f"text_{x.pk}": "{judul}"}
    wrong = client.post(page, asked)
    assert wrong.status_code == 422 and "{judul}" in wrong.content.decode()
    assert client.post(page, asked | {f"text_{x.pk}": "{title}"}).status_code == 302
    assert "{title}" in client.get(page).content.decode()
    assert client.get(api).json()["state"] == "waiting" and client.delete(api).json()["state"] == "undone"
    turns = [{"account": x.pk, "template": "{title} {link}"}]
    given = {"at": "10:00", "gap_days": 1, "turns": turns}
    made = client.post(api, given, content_type="application/json")
    assert made.status_code == 201 and made.json()["turns"][0]["account"] == x.pk
    assert client.post(api, given, content_type="application/json").status_code == 409
    with entered(office.cast.workspace.pk):
        running = fan_out_of(told(post.pk))
    assert running is not None and running.gap_days == 1
    assert client.post(reverse("campaigns:fan_out_undo", args=[slug, post.pk])).status_code == 302
    client.force_login(office.cast.dewi.user)  # an agent may not schedule
    assert client.get(page).status_code == 403 and client.post(api, given).status_code == 403

"""Watched feeds become posts: in each channel's measure, through the same gate, never a flood, undone by a press."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.actions import from_feeds, queueing
from campaigns.models import FeedPost, Post, Recipe
from campaigns.queries.recipes import recipes_with_news
from campaigns.rules.filling import filled, hashtags, unknown
from networks import registry
from smo.actions import incoming
from smo.models import Item, Source
from tests.campaigns.desk import channel
from tests.cast import Cast
from workspaces.tenancy import entered

Into = Recipe.Into


def source_with(cast: Cast, *titles: str, summary: str = "Ringkasan pendek.") -> Source:
    source = incoming.watch(address=f"https://nadia.example/{titles}", by=cast.bob, name="Blog Nadia")
    now = timezone.now()
    for number, title in enumerate(titles):
        Item.objects.create(
            source=source,
            guid=str(number),
            key=f"https://nadia.example/{title}",
            url=f"https://nadia.example/{title.replace(' ', '-')}",
            title=title,
            summary=summary,
            tags=["Kopi susu", "2026"],
            author="Nadia",
            language="id-ID",
            published_at=now - timedelta(minutes=len(titles) - number),
            seen_at=now,
        )
    return source


def kept(source: Source, cast: Cast, *accounts: int, **given: object) -> Recipe:
    given = {
        "is_on": True,
        "into": Into.DRAFT,
        "accounts": list(accounts),
        "template": "{title}\n\n{link}\n{tags}",
        **given,
    }
    return from_feeds.keep_recipe(source, by=cast.bob, **given)


def test_a_template_is_cut_at_words_and_never_in_its_link() -> None:
    values = {
        "title": "Kopi {link} baru",
        "link": "https://a.example/1",
        "summary": "satu dua tiga empat",
        "tags": "#a #b",
    }
    template = "{title}: {summary}\n\n{link}\n{tags}{nothing}"

    def at_most(limit: int) -> str:
        return filled(template, values, lambda text: len(text) <= limit)

    assert at_most(999) == "Kopi {link} baru: satu dua tiga empat\n\nhttps://a.example/1\n#a #b"
    assert at_most(59) == "Kopi {link} baru: satu dua tiga…\n\nhttps://a.example/1\n#a #b"
    assert at_most(42) == "Kopi {link} baru:\n\nhttps://a.example/1\n#a"
    assert at_most(34) == "Kopi {link}…:\n\nhttps://a.example/1"
    assert unknown(template) == ["nothing"] and hashtags(["Kopi susu", "2026", "!", "kopi"]) == "#Kopisusu #kopi"


@pytest.mark.django_db
def test_each_channel_gets_its_own_measure_and_a_day_its_cap(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        short, long = channel("x"), channel("linkedin")
        source = source_with(cast, "Kopi baru", "Kopi kedua", "Kopi ketiga", summary="kata 😀 " * 200)
        recipe = kept(source, cast, short.pk, long.pk, template="{title}\n{summary}\n{link}", a_day=2)
    assert recipes_with_news(9) == [(recipe.pk, cast.workspace.pk)]
    with entered(cast.workspace.pk):
        made = from_feeds.take_in(recipe.pk, now=timezone.now())
        assert [one.item.title for one in made] == ["Kopi baru", "Kopi kedua"], "the oldest first, and no third today"
        post = Post.objects.all().told().get(pk=made[0].post_id)
        texts = {variant.account.network: variant.text for variant in post.variants.all()}
        limits = registry.get("x").limits
        assert limits.text - 25 < registry.get("x").count(texts["x"]) <= limits.text
        assert all(text.endswith("https://nadia.example/Kopi-baru") for text in texts.values())
        assert len(texts["linkedin"]) > len(texts["x"]) and post.language == "id" and post.stage == Post.Stage.DRAFT
        assert from_feeds.take_in(recipe.pk, now=timezone.now()) == []
        tomorrow = timezone.now() + timedelta(days=1)
        assert [one.item.title for one in from_feeds.take_in(recipe.pk, now=tomorrow)] == ["Kopi ketiga"]
        assert from_feeds.take_in(recipe.pk, now=tomorrow) == [] and FeedPost.objects.count() == 3


@pytest.mark.django_db
def test_ideas_wait_and_scheduled_ones_pass_the_gate_or_stay_drafts(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        account, bare = channel("x"), channel("linkedin")
        idea = kept(source_with(cast, "Ide"), cast, account.pk, into=Into.IDEA)
        from_feeds.take_in(idea.pk, now=timezone.now())
        assert Post.objects.get(title="Ide").stage == Post.Stage.IDEA

        queueing.set_slots(account, [(day, time(9, 30)) for day in range(7)], by=cast.bob)
        queued = kept(source_with(cast, "Antre satu", "Antre dua"), cast, account.pk, into=Into.QUEUE)
        made = from_feeds.take_in(queued.pk, now=timezone.now())
        posts = [Post.objects.get(pk=one.post_id) for one in made]
        assert [one.reason for one in made] == ["", ""] and {post.stage for post in posts} == {Post.Stage.PLACED}
        assert posts[1].due_at - posts[0].due_at == timedelta(days=1) and posts[0].local_at.time() == time(9, 30)

        stuck = kept(source_with(cast, "Tanpa slot"), cast, bare.pk, into=Into.QUEUE)
        (one,) = from_feeds.take_in(stuck.pk, now=timezone.now())
        assert "no slots yet" in one.reason and Post.objects.get(pk=one.post_id).stage == Post.Stage.DRAFT

        spread = kept(
            source_with(cast, "Sebar a", "Sebar b"), cast, bare.pk, into=Into.SPREAD, every_days=3, at=time(8)
        )
        made = from_feeds.take_in(spread.pk, now=timezone.now())
        posts = [Post.objects.get(pk=one.post_id) for one in made]
        assert posts[1].local_at - posts[0].local_at == timedelta(days=3) and posts[0].local_at.time() == time(8)

        gated = kept(source_with(cast, "Obat ini menyembuhkan kanker"), cast, bare.pk, into=Into.SPREAD)
        (one,) = from_feeds.take_in(gated.pk, now=timezone.now())
        assert one.reason, "customs have the same say as over any post"
        assert Post.objects.get(pk=one.post_id).stage in (Post.Stage.DRAFT, Post.Stage.IN_REVIEW)


@pytest.mark.django_db
def test_the_page_tries_saves_and_undoes(cast: Cast, client: Client) -> None:
    with entered(cast.workspace.pk):
        account = channel("x")
        source = source_with(cast, "<b>Kopi</b>", "Teh")
    page = f"/w/{cast.workspace.slug}/window/sources/{source.pk}/recipe/"
    given = {"into": "draft", "template": "Baca: {title} {link}", "accounts": [account.pk], "a_day": 5, "every_days": 1}
    given |= {"at": "10:00", "is_on": "on", f"own_{account.pk}": "X: {title}"}
    client.force_login(cast.dewi.user)
    assert client.post(page, {**given, "act": "save"}).status_code == 403
    client.force_login(cast.bob.user)
    tried = client.post(page, {**given, "act": "try"}).content.decode()
    assert "X: &lt;b&gt;Kopi&lt;/b&gt;" in tried and "<b>Kopi</b>" not in tried
    with entered(cast.workspace.pk):
        assert not Recipe.objects.exists()
    wrong = client.post(page, {**given, "template": "{titel}", "act": "save"})
    assert wrong.status_code == 422 and "There is no {titel}." in wrong.content.decode()
    assert client.post(page, {**given, "act": "save"}).status_code == 302
    with entered(cast.workspace.pk):
        recipe = Recipe.objects.get()
        made = from_feeds.take_in(recipe.pk, now=timezone.now())
        assert Post.objects.get(pk=made[0].post_id).text == "X: <b>Kopi</b>"
    assert "Teh" in client.get(page).content.decode()
    client.post(page + "undo/")
    with entered(cast.workspace.pk):
        assert not Post.objects.exists() and set(Item.objects.values_list("state", flat=True)) == {"left"}
        assert from_feeds.take_in(recipe.pk, now=timezone.now()) == [], "what was undone does not come again"
        item = Item.objects.latest("pk")
    client.post(f"/w/{cast.workspace.slug}/window/items/{item.pk}/make/")
    with entered(cast.workspace.pk):
        assert Post.objects.count() == 1
    api = f"/api/v1/w/{cast.workspace.slug}/window/sources/{source.pk}/"
    told = client.get(api + "recipe/").json()
    assert told["own"] == {str(account.pk): "X: {title}"}
    told["into"] = "idea"
    assert client.put(api + "recipe/", told, "application/json").json()["into"] == "idea"
    assert client.put(api + "recipe/", {**told, "template": "{x}"}, "application/json").status_code == 400
    assert client.put(api + "recipe/", {**told, "accounts": [999]}, "application/json").status_code == 400
    assert client.post(f"{api}items/{item.pk}/undo/").status_code == 204
    assert client.get(f"/w/{cast.workspace.slug}/ideas/").status_code == 200
    client.force_login(cast.charlie)
    assert client.get(page).status_code == 404

"""The demo's endorser at the pretend networks: what Nadia posts on her own, and what comes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import requests
from django.conf import settings
from django.utils import timezone

from compliance.actions import asking
from compliance.actions.sources import watch, watch_feed
from compliance.models import Ask, Endorser, Sighting, Source
from compliance.pipeline.watching import look_again, look_at
from compliance.queries.asking import compose
from networks import registry
from networks.models import Account
from networks.protocol import Watches
from workspaces.models import Member, Workspace
from workspaces.tenancy import entered

HANDLE = "nadiaputri"
EMAIL = "nadia@creator.example"
DAY = 86_400
DISCLOSED = "Iklan: Teras Kopi mengirimi aku Cold Brew Gula Aren gratis. Pas banget buat lembur minggu ini."
UNDISCLOSED = "Serius, Cold Brew Gula Aren dari Teras Kopi ini penyelamat pagi aku. Wajib coba!"
FORGOTTEN = "Resep sore: Teras Kopi gula aren, es batu, sedikit susu oat. Enak banget, kalian harus coba."
MENDED = f"Iklan, dikirimi Teras Kopi gratis. {FORGOTTEN}"
PRIVATE = "Hujan dari pagi. Hari ini di rumah saja, baca buku sampai habis."
VIDEO = "Seminggu bareng Teras Kopi\nCold brew pagi, tubruk sore. Link di bio."
BLOG = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Catatan Nadia</title><item><title>Tiga kopi, satu meja'
    "</title><link>https://nadia.blog.example/tiga-kopi</link><description>Minggu ini aku coba tiga kopi. Yang dari "
    "Teras Kopi juaranya, gurih dan tidak asam.</description><pubDate>{at}</pubDate></item></channel></rss>"
)


def make(workspace: Workspace, *, officer: Member) -> None:
    """Nadia is watched wherever a network shows her, and by her blog's feed: some posts disclose, some do not, and one
    was mended after she was asked. Safe to call again.
    """
    with entered(workspace.pk):
        if Source.objects.exists() or not Account.objects.exists():
            return
        nadia = Endorser.objects.get(name="Nadia Putri")
        slugs = [slug for slug in registry.slugs() if isinstance(registry.get(slug), Watches)]
    made = {slug: _posts(slug) for slug in slugs}
    feed = _blog()
    with entered(workspace.pk, user_id=officer.user_id):
        nadia.handles, nadia.email = {**nadia.handles, **dict.fromkeys(registry.slugs(), HANDLE)}, EMAIL
        nadia.save()
        sources = [*watch(nadia, by=officer), watch_feed(nadia, feed, by=officer)]
    for source in sources:
        look_at(workspace.pk, source.pk)
    slug = next(slug for slug in slugs if "forgotten" in made[slug])
    _mend(workspace, made[slug], slug, officer)


def _posts(slug: str) -> dict[str, str]:
    """What she posted at one network; name -> the post's id there."""
    _ask("accounts", network=slug, kind="person", handle=HANDLE, name="Nadia Putri", extra={"page": True})
    said = {"disclosed": DISCLOSED, "undisclosed": UNDISCLOSED, "forgotten": FORGOTTEN, "private": PRIVATE}
    if registry.get(slug).limits.media_required:
        said = {"video": VIDEO}
    return {
        name: str(_ask("post", network=slug, author=HANDLE, text=text, ago=DAY * (2 + 5 * place))["id"])
        for place, (name, text) in enumerate(said.items())
    }


def _blog() -> str:
    at = (timezone.now() - timedelta(days=4)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    host = {"host": "nadia.blog.example"}
    words = "Minggu ini aku coba tiga kopi. Yang dari Teras Kopi juaranya, gurih dan tidak asam."
    _ask("site", **host, path="/tiga-kopi", body=f'<meta property="og:description" content="{words}">')
    made = _ask("site", **host, path="/feed.xml", body=BLOG.format(at=at), kind="application/rss+xml")
    return str(made["url"])


def _mend(workspace: Workspace, posts: dict[str, str], slug: str, officer: Member) -> None:
    """She is asked about one post, mends it, and it is looked at again; it all began some days ago."""
    with entered(workspace.pk, user_id=officer.user_id):
        found = Sighting.objects.filter(network=slug, remote_id=posts.get("forgotten", "")).first()
        if found is None:
            return
        version = found.versions.get()
        message = compose(found, version, workspace=workspace)
        asking.ask(found, message, way=Ask.Way.COPIED, to="", by=officer)
        began = found.posted_at + timedelta(hours=2)
        Sighting.objects.filter(pk=found.pk).update(first_seen_at=began, asked_at=began + timedelta(hours=1))
    _ask("edit", network=slug, post=posts["forgotten"], text=MENDED)
    look_again(found)
    with entered(workspace.pk):
        Sighting.objects.filter(pk=found.pk).update(closed_at=began + timedelta(hours=20))


def _ask(verb: str, **asked: Any) -> dict[str, Any]:  # Any: a JSON object
    answer = requests.post(f"{settings.SANDBOX_URL}/_control/{verb}", json=asked, timeout=10)
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told

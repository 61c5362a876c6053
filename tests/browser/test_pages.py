"""Every page of the house is clean for everybody: light and dark, wide and narrow, in English and Indonesian."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.actions import braking, fanning, queueing, repeating
from campaigns.actions.placing import move
from campaigns.models import Campaign, Post, Series
from campaigns.queries import told
from networks.models import Account
from publishing.models import Audit, Brake, Discrepancy
from smo.models import ButtonSet, CheckedPage, Feed, Source, Walk
from social_crm.models import Contact, Conversation, Identity, Message, Note
from tests.browser import axe
from tests.browser.conftest import Opener
from tests.campaigns.desk import channel, soon, wordy, written
from tests.cast import Cast, gather
from tests.smo.shop import furnish, watch
from workspaces.actions import notify
from workspaces.models import Delivery, Hook
from workspaces.protocol import KINDS
from workspaces.tenancy import entered

pytestmark = pytest.mark.browser


@pytest.fixture
def lived_in(transactional_db: None) -> Cast:
    """A workspace with channels, posts of several kinds, a campaign, and a conversation."""
    cast = gather()
    with entered(cast.workspace.pk, user_id=cast.alice.user_id):
        first, *others = [channel(slug) for slug in wordy()]
        campaign = Campaign.objects.create(name="Harbolnas 12.12", colour="#e08a1e", brand="Teras Kopi")
        planned = written(cast.bob, first, *others, campaign_id=campaign.pk)
        move(planned, at=soon(60 * 26), by=cast.bob)
        written(cast.bob, first, text="Ide: seri kenalan sama petani", idea=True)
        waiting = written(cast.bob, first, text="Menunggu kata Alice")
        Post.objects.filter(pk=waiting.pk).update(stage=Post.Stage.AWAITING_APPROVAL)
        _conversation(cast, first.pk)
        _told(cast)
        _again_and_again(cast, first)
        _audited(first)
        _told_of(cast, first)
        furnish(cast)
        watch(cast, first.pk)
    return cast


def _told_of(cast: Cast, other: Account) -> None:
    """An article that another channel will tell of, and one that nobody tells of yet."""
    blog = channel("wordpress")
    for title in ("Tiga puluh hari Gayo", "Air untuk kopi"):
        post = written(cast.bob, blog, title=title)
    turn = fanning.Turn(other, "Baru di blog: {title}")
    fanning.fan_out(told(post.pk).variants.all()[0], [turn], at=time(9, 30), gap_days=2, by=cast.bob)


def _audited(account: Account) -> None:
    """A look at a channel that found a post from elsewhere."""
    now = timezone.now()
    Audit.objects.create(account=account, next_at=now, finished_at=now, posts=12, publications=11, complete=True)
    seen = {"text": "Ditulis langsung di sana", "url": "https://x.com/teras/status/1", "posted_at": now}
    Discrepancy.objects.create(account=account, kind="foreign", remote_id="1", found_at=now, last_found_at=now, **seen)


def _conversation(cast: Cast, account: int) -> Conversation:
    now = timezone.now()
    contact = Contact.objects.create(name="Rina Maharani")
    known = {"contact": contact, "preview": "Botol pecah", "last_activity": now, "unread": 1}
    talk = Conversation.objects.create(
        account_id=account, kind="comment", object_id="o1", due_at=now + timedelta(minutes=12), **known
    )
    network = talk.account.network
    rina = Identity.objects.create(contact=contact, network=network, uid="u1", name="Rina Maharani", handle="rina.mhrn")
    said = {"account_id": account, "conversation": talk, "network_at": now}
    Message.objects.create(direction="in", remote_id="r1", author=rina, text="Kak, botol pecah. Tolong ya 🙏", **said)
    Message.objects.create(direction="out", remote_id="r2", by=cast.dewi, text="Halo Kak Rina, maaf ya.", **said)
    Note.objects.create(conversation=talk, by=cast.bob, text="Batch 1121 salah bubble wrap.")
    return talk


def _told(cast: Cast) -> None:
    """A notice in the bell, and a webhook that heard it."""
    hook = Hook.objects.create(name="Ops", url="https://example.com/hear", secret_end="x1y2z")
    note = next(iter(KINDS.values()))
    facts = {"account": "Teras Kopi", "network": "x", "reason": "Why.", "text": "Halo", "due": "now"}
    notify([cast.alice], note=note, key="k", url="/", **facts)
    tried = [{"at": "2026-11-24T10:00:00Z", "status": 500, "ms": 12, "said": "no"}]
    Delivery.objects.filter(hook=hook).update(log=tried, tries=1)


def _again_and_again(cast: Cast, account: Account) -> None:
    """Slots with something in them, a series, and a channel that stands still."""
    queueing.set_slots(account, [(day, time(9)) for day in range(7)], by=cast.bob)
    queueing.add_to_queue(written(cast.bob, account, text="Dari antrean"), by=cast.bob)
    start = {"starts_on": timezone.now().date(), "ends_on": timezone.now().date() + timedelta(days=3)}
    model = written(cast.bob, account, text="Menu hari ini")
    series = Series(name="Menu harian", every="day", at=time(18), zone=cast.workspace.zone, **start)
    repeating.make_ahead(repeating.begin_series(series, [model], by=cast.bob), now=timezone.now())
    braking.pull(account, by=cast.bob, reason="Menunggu kabar dari pabrik")


PLAIN = (
    "campaigns:calendar",
    "campaigns:compose",
    "campaigns:approvals",
    "campaigns:media",
    "campaigns:campaigns",
    "campaigns:plans",
    "campaigns:queue",
    "campaigns:series_list",
    "campaigns:series_new",
    "campaigns:brakes",
    "social_crm:inbox",
    "social_crm:events",
    "social_crm:desk",
    "social_crm:replies",
    "compliance:desk",
    "compliance:rules",
    "compliance:officers",
    "compliance:texts",
    "compliance:evidence",
    "compliance:endorsers",
    "compliance:new_endorser",
    "publishing:attention",
    "publishing:audit",
    "publishing:by_hand_list",
    "networks:own",
    "networks:accounts",
    "smo:links",
    "smo:new_link",
    "smo:links_help",
    "smo:domains",
    "smo:new_preset",
    "smo:visits",
    "smo:sites",
    "smo:buttons",
    "smo:new_buttons",
    "smo:pages",
    "smo:feeds",
    "smo:sources",
    "campaigns:ideas",
    "campaigns:subscription",
    "workspaces:members",
    "workspaces:settings",
    "workspaces:api_keys",
    "workspaces:audit",
    "workspaces:notices",
    "workspaces:notice_choices",
    "workspaces:hooks",
)
"""Pages whose address names nothing but the workspace."""


def _paths(cast: Cast) -> list[str]:
    here = {"workspace": cast.workspace.slug}
    with entered(cast.workspace.pk):
        post, talk, campaign = Post.objects.earliest("pk"), Conversation.objects.get(), Campaign.objects.get()
        window = [
            ("smo:button_set", {"pk": ButtonSet.objects.get().pk}),
            ("smo:walk", {"pk": Walk.objects.get().pk}),
            ("smo:feed", {"pk": Feed.objects.get().pk}),
            ("smo:source", {"pk": Source.objects.get().pk}),
            ("campaigns:recipe", {"pk": Source.objects.get().pk}),
            *[("smo:page", {"pk": page.pk}) for page in CheckedPage.objects.all()],
        ]
        talked, quiet = (post.pk for post in Post.objects.exclude(title="").order_by("-pk")[:2])
        hook, series, brake = Hook.objects.get(), Series.objects.get(), Brake.objects.get()
    named: list[tuple[str, dict[str, object]]] = [(name, {}) for name in PLAIN]
    named += [
        ("campaigns:edit", {"pk": post.pk}),
        ("campaigns:post", {"pk": post.pk}),
        ("campaigns:campaign", {"pk": campaign.pk}),
        ("campaigns:series", {"pk": series.pk}),
        ("campaigns:brake_let_go", {"pk": brake.pk}),
        ("social_crm:conversation", {"pk": talk.pk}),
        ("compliance:rule", {"code": "banned_phrase"}),
        ("workspaces:hook", {"pk": hook.pk}),
        ("networks:add_by_hand", {"network": "myspace"}),
        ("networks:site", {"network": "wordpress"}),
        ("campaigns:fan_out", {"pk": talked}),
        ("campaigns:fan_out", {"pk": quiet}),
        ("campaigns:edit", {"pk": quiet}),
    ]
    named += window
    calendar = reverse("campaigns:calendar", kwargs=here)
    views = [f"{calendar}?view=month", f"{calendar}?view=list"]
    return (
        [reverse(name, kwargs={**here, **more}) for name, more in named]
        + views
        + [reverse("workspaces:profile"), "/status/", "/share/server/?text=Halo&server=mastodon.social"]
    )


@pytest.mark.parametrize(
    "way",
    [
        pytest.param({"theme": "light"}, id="wide-light-english"),
        pytest.param({"theme": "dark", "language": "id", "width": 360, "touch": True}, id="narrow-dark-indonesian"),
    ],
)
def test_nobody_is_kept_out_of_a_page(open_page: Opener, lived_in: Cast, way: dict[str, object]) -> None:
    wrong = []
    page = open_page("/", user=lived_in.alice.user, **way)
    for path in _paths(lived_in):
        page.goto(path)
        wrong += [f"{path} {line}" for line in axe.violations(page)]
        wrong += [f"{path} sticks out: {line}" for line in axe.overflow(page)]
    assert not wrong, "\n".join(wrong)

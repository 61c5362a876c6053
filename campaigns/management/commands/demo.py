"""Make the demo: Teras Kopi, its people, channels at the pretend networks, campaigns and five weeks of posts."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import requests
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from campaigns.actions import approving, fanning, placing, writing
from campaigns.actions.campaigning import keep_campaign
from campaigns.management import endorsing
from campaigns.management import teras_kopi as story
from campaigns.management.commands.import_plan import import_rows, read_rows
from campaigns.models import Campaign, MediaAsset, Plan, Post
from campaigns.protocol import Draft, NotReady, Version
from campaigns.queries import channels
from campaigns.rules import wall_time
from compliance.models import Connection, Endorser
from networks import registry
from networks.actions import Charge, add_by_hand, connect
from networks.models import Account
from networks.protocol import Credentials, HandsOver, RemoteAccount, Replies, TargetKind
from workspaces.actions import found_workspace
from workspaces.models import Member, User, Workspace
from workspaces.permissions import Role
from workspaces.queries import workspaces_of
from workspaces.tenancy import entered

SAMPLE = Path(__file__).resolve().parents[2] / "sample" / "teras_kopi_plan.csv"
WORDS = ("gayo", "toraja", "bajawa", "kintamani", "tubruk", "saring", "giling", "sangrai", "pandan", "melati")


class Command(BaseCommand):
    """Safe to run again: what is there stays, what is missing is made. Passwords are written to sign-ins.json."""

    help = "Make the demo workspace Teras Kopi."

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own
        people = {person.role: self._person(person) for person in story.PEOPLE}
        workspace = _workspace(people)
        with entered(workspace.pk):
            members = {role: _member(user, role, workspace) for role, user in people.items()}
            endorser = _endorser(members[Role.OFFICER])
            _campaigns(endorser, members[Role.OWNER])
        self._connect(workspace, members[Role.OWNER])
        if settings.SANDBOX_URL:
            endorsing.make(workspace, officer=members[Role.OFFICER])
        self._plan(workspace, members[Role.MARKETER])
        self._customers(workspace)
        with entered(workspace.pk, user_id=members[Role.MARKETER].user_id):
            self._desk(members[Role.MARKETER], endorser)
        for line in _sign_ins():
            self.stdout.write(f"{line['who']:<20}{line['email']:<28}{line['password']}")

    def _person(self, person: story.Person) -> User:
        user = User.objects.filter(email=person.email).first()
        known = {line["email"] for line in _sign_ins()}
        if user is None:
            user = User.objects.create_user(person.email, name=person.name, zone=story.ZONE)
        if person.email not in known or not user.has_usable_password():  # the note may be of another database
            password = f"{secrets.choice(WORDS)}-{secrets.choice(WORDS)}-{secrets.randbelow(9000) + 1000}"
            user.set_password(password)
            user.save()
            _write_down({"who": person.who, "email": person.email, "password": password})
        EmailAddress.objects.get_or_create(user=user, email=person.email, defaults={"verified": True, "primary": True})
        return user

    def _connect(self, workspace: Workspace, by: Member) -> None:
        """One account at each pretend network, by a ready token; the other brand waits for a hands-on connection."""
        if not settings.SANDBOX_URL:
            self.stdout.write("SANDBOX_URL is not set: no channels are connected, and no plan is imported")
            return
        for slug in registry.slugs():
            with entered(workspace.pk, user_id=by.user_id):
                if Account.objects.filter(network=slug).exists():
                    continue
                if isinstance(registry.get(slug), HandsOver):
                    charge = Charge(keeper=by)
                    add_by_hand(slug, name=story.NAME, handle="teraskopi", charge=charge, by=by)
                    continue
            remote = _remote(slug)
            with entered(workspace.pk, user_id=by.user_id):
                connect(remote, network=slug, by=by)

    def _customers(self, workspace: Workspace) -> None:
        """People at the pretend networks write to the brand; the inbox hears them once the house is open."""
        if not settings.SANDBOX_URL:
            return
        with entered(workspace.pk):
            accounts = list(Account.objects.order_by("pk"))
            if Post.objects.filter(plan__isnull=True).exists():
                return
        for number, (kind, name, text) in enumerate(story.CUSTOMERS):
            able = [account for account in accounts if _answers(account, kind)]
            if able:
                _write_in(able[number % len(able)], kind, name, text)

    def _plan(self, workspace: Workspace, by: Member) -> None:
        with entered(workspace.pk):
            if Plan.objects.filter(filename=SAMPLE.name).exists() or not channels():
                return
        today = wall_time(timezone.now(), workspace.zone).date()
        plan = import_rows(read_rows(SAMPLE, workspace, start=today), SAMPLE, by=by)
        self.stdout.write(f"{plan.total - len(plan.report)} of {plan.total} posts of the sample plan are scheduled")

    def _desk(self, by: Member, endorser: Endorser) -> None:
        """Ideas, drafts, what goes out now, one that waits for approval, one that customs hold."""
        if Post.objects.filter(plan__isnull=True).exists():
            return
        here = channels()
        accounts = [account for account in here if _takes_words_alone(account)]
        for language, text in story.IDEAS:
            writing.draft(_draft(text, language, accounts[:2], idea=True), by=by)
        for language, text in story.DRAFTS:
            writing.draft(_draft(text, language, accounts[-2:]), by=by)
        if not accounts:
            return
        for language, text in story.NOW:
            _quietly(placing.publish_now, writing.draft(_draft(text, language, accounts), by=by), by=by)
        noon = wall_time(timezone.now() + timedelta(days=2), story.ZONE).replace(hour=12, minute=0, second=0)
        language, text = story.TO_APPROVE
        approving.submit(writing.draft(_draft(text, language, accounts[:2]), by=by), at=noon, by=by)
        _held(by, endorser, accounts, noon + timedelta(days=1))
        _doubtful(by, endorser, accounts)
        for blog in (one for one in here if _is_blog(one)):
            _article(by, blog, accounts)


def _workspace(people: dict[Role, User]) -> Workspace:
    owner = people[Role.OWNER]
    there = [workspace for workspace in workspaces_of(owner) if workspace.name == story.NAME]
    return there[0] if there else found_workspace(name=story.NAME, zone=story.ZONE, places=story.PLACES, by=owner)


def _member(user: User, role: Role, workspace: Workspace) -> Member:
    member, _made = Member.objects.get_or_create(user=user, defaults={"role": role, "workspace": workspace})
    member.workspace, member.user = workspace, user
    return member


def _endorser(officer: Member) -> Endorser:
    """Nadia, who was given a bottle, on record with the parcel's number."""
    endorser, made = Endorser.objects.get_or_create(name=story.ENDORSER, defaults={"place": "ID", "language": "id"})
    if made:
        Connection.objects.create(
            endorser=endorser,
            brand=story.NAME,
            kind="free_product",
            value=350_000,
            currency="IDR",
            starts_on=timezone.now().date() - timedelta(days=30),
            evidence="Parcel TK-2411-031, six bottles of Cold Brew Gula Aren, received and signed for.",
            recorded_by=officer,
            recorded_by_name=str(officer.user),
        )
    return endorser


def _campaigns(endorser: Endorser, by: Member) -> None:
    today = timezone.now().date()
    for name, goal, colour, starts, ends, hers in story.CAMPAIGNS:
        if Campaign.objects.filter(name=name).exists():
            continue
        campaign = Campaign(
            name=name,
            goal=goal,
            colour=colour,
            brand=story.NAME,
            brief=story.BRIEF,
            starts_on=today + timedelta(days=starts),
            ends_on=today + timedelta(days=ends),
            endorser=endorser if hers else None,
        )
        keep_campaign(campaign, by=by, workspace_id=by.workspace_id)


def _remote(slug: str) -> RemoteAccount:
    """The demo brand's account at one pretend network, with a token as its consent page would have given."""
    state = requests.get(f"{settings.SANDBOX_URL}/_control/state", timeout=10).json()
    brand = next(b for b in state["networks"][slug]["brands"] if "lab" not in b["handle"].lower())
    asked = {"network": slug, "account": brand["id"]}
    token = requests.post(f"{settings.SANDBOX_URL}/_control/tokens", json=asked, timeout=10).json()
    return RemoteAccount(
        uid=brand["id"],
        name=brand["name"],
        handle=brand["handle"],
        credentials=Credentials(
            token["id"],
            token.get("refresh", ""),
            datetime.fromtimestamp(token["expires"], UTC) if token.get("expires") else None,
            scopes=tuple(token["scopes"]),
        ),
    )


def _answers(account: Account, kind: TargetKind) -> bool:
    network = registry.get(account.network)
    return isinstance(network, Replies) and kind in network.answers


def _write_in(account: Account, kind: TargetKind, name: str, text: str) -> None:
    state = requests.get(f"{settings.SANDBOX_URL}/_control/state", timeout=10).json()
    people = {person["name"]: person["id"] for person in state["networks"][account.network]["people"]}
    if name not in people:
        return
    verb = "message" if kind is TargetKind.MESSAGE else "say"
    said = {"network": account.network, "author": people[name], "to": account.uid, "text": text}
    requests.post(f"{settings.SANDBOX_URL}/_control/{verb}", json=said, timeout=10).raise_for_status()


def _draft(text: str, language: str, accounts: list[Account], **more: Any) -> Draft:  # Any: a draft's fields
    return Draft(text=text, language=language, versions=tuple(Version(account.pk) for account in accounts), **more)


def _quietly(verb: Any, post: Post, **how: Any) -> None:  # Any: one of placing's verbs and what it takes
    """What the gate stops stays a draft: the demo goes on."""
    try:
        verb(post, **how)
    except NotReady:
        return


def _held(by: Member, endorser: Endorser, accounts: list[Account], at: datetime) -> None:
    """Scheduled with its disclosure, then edited without it: the clearance is gone, and customs hold it."""
    her = Campaign.objects.get(name=story.CAMPAIGNS[-1][0])
    given = _draft(story.DISCLOSED, "id", accounts[:2], campaign_id=her.pk, endorser_id=endorser.pk)
    post = writing.draft(given, by=by)
    try:
        post = placing.schedule(post, at=at, by=by)
    except NotReady:
        return
    edited = _draft(story.UNDISCLOSED, "id", accounts[:2], campaign_id=her.pk, endorser_id=endorser.pk)
    writing.save(post, edited, version=post.version, by=by)


def _takes_words_alone(account: Account) -> bool:
    limits = registry.get(account.network).limits
    return not limits.media_required and not limits.title_required


def _is_blog(account: Account) -> bool:
    limits = registry.get(account.network).limits
    return limits.title_required and not limits.media_required


def _article(by: Member, blog: Account, accounts: list[Account]) -> None:
    """An article goes out now, and the other channels tell of it in the days after."""
    pictures = MediaAsset.objects.filter(kind=MediaAsset.Kind.IMAGE).order_by("pk")[:1]
    version = Version(blog.pk, options=story.ARTICLE_OPTIONS)
    shown = tuple(picture.pk for picture in pictures)
    given = Draft(text=story.ARTICLE, title=story.ARTICLE_TITLE, language="id", media=shown, versions=(version,))
    post = writing.draft(given, by=by)
    turns = [fanning.Turn(account, story.TOLD[n % len(story.TOLD)]) for n, account in enumerate(accounts[:3])]
    fanning.fan_out(post.variants.get(), turns, at=time(9, 30), gap_days=2, first_days=1, by=by)
    _quietly(placing.publish_now, post, by=by)


def _doubtful(by: Member, endorser: Endorser, accounts: list[Account]) -> None:
    """Posts that only an officer may decide on: they wait at the desk, each with a picture."""
    her = Campaign.objects.get(name=story.CAMPAIGNS[-1][0])
    pictures = list(MediaAsset.objects.filter(kind=MediaAsset.Kind.IMAGE).order_by("pk")[:12])
    for number, (language, text, hours, hers) in enumerate(story.DOUBTFUL):
        spoken = {"campaign_id": her.pk, "endorser_id": endorser.pk} if hers else {}
        shown = {"media": (pictures[number % len(pictures)].pk,)} if pictures else {}
        account = accounts[number % len(accounts)]
        post = writing.draft(_draft(text, language, [account], **spoken, **shown), by=by)
        at = wall_time(timezone.now() + timedelta(hours=hours), story.ZONE).replace(second=0, microsecond=0)
        _quietly(placing.schedule, post, at=at, by=by)


def _sign_ins() -> list[dict[str, str]]:
    note = settings.DATA_DIR / "sign-ins.json"
    lines: list[dict[str, str]] = json.loads(note.read_text()) if note.exists() else []
    return lines


def _write_down(line: dict[str, str]) -> None:
    """Keep a demo password where the person who started the house can read it, and nobody else."""
    note = settings.DATA_DIR / "sign-ins.json"
    note.parent.mkdir(parents=True, exist_ok=True)
    lines = [one for one in _sign_ins() if one["email"] != line["email"]]
    note.touch(mode=0o600)
    note.write_text(json.dumps([*lines, line], indent=1))

"""Telling people: in the app at once, by mail within seconds, and the workspace's own servers."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise

from workspaces.actions.hooks import send_to_hooks
from workspaces.live import touch
from workspaces.models import Member, Notice, NoticeChoice, User
from workspaces.protocol import KINDS, Note
from workspaces.tenancy import current_workspace_id, entered

logger = logging.getLogger(__name__)
TOPIC = "notices"
MAILS_AN_HOUR = 20  # of one kind to one person; the rest is in the app
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
UNDER_WAY = timedelta(minutes=2)  # a mailer that died is followed by the next one


def notify(members: Iterable[Member], *, note: Note, key: str, url: str, **facts: Any) -> list[Notice]:
    """Tell `members` of the entered workspace once per `key`, each in their own language; safe to call again.

    `url`: a path of this house where the action is done. `facts` fill the note's words (Any: JSON values, or lazily
    translated text). The workspace's webhooks hear it once, whoever the members are. Mails and webhooks leave after
    the commit. Returns the notices under `key`.
    """
    receivers = {member.pk: member for member in members}
    told = set(Notice.objects.filter(key=key, member__in=receivers).values_list("member_id", flat=True))
    new = [member for pk, member in receivers.items() if pk not in told]
    now = timezone.now()
    mailed = _who_is_mailed(new, note, now)
    Notice.objects.bulk_create(
        [_notice(member, note, key, url, facts, now, mail=member.pk in mailed) for member in new],
        ignore_conflicts=True,
    )
    if new:
        touch(current_workspace_id(), TOPIC)
    with translation.override(settings.LANGUAGE_CODE):
        send_to_hooks(note, key, _words(note, facts), url=url, facts=_plain(facts), now=now)
    return list(Notice.objects.filter(key=key, member__in=receivers))


def set_read(notice: Notice, *, read: bool, by: Member) -> Notice:
    """The member has seen it, or wants to see it again. Safe to call twice."""
    if (notice.read_at is not None) != read:
        notice.read_at = timezone.now() if read else None
        notice.save(update_fields=["read_at"])
        touch(by.workspace_id, TOPIC)
    return notice


def read_all(*, by: Member) -> int:
    """The member has seen everything. How many were new."""
    seen: int = Notice.objects.all().to(by).unread().update(read_at=timezone.now())
    touch(by.workspace_id, TOPIC)
    return seen


def choose_mail(kinds: Mapping[str, bool], *, by: Member) -> None:
    """Which kinds of notices the member wants by mail as well."""
    for kind, mail in kinds.items():
        NoticeChoice.objects.update_or_create(member=by, kind=kind, defaults={"mail": mail})


def mail_notice(workspace_id: int, notice_id: int) -> None:
    """Mail one notice if that is due. Enters by itself; a mail server that is away is tried again later."""
    with entered(workspace_id):
        due = Notice.objects.filter(pk=notice_id, mail=Notice.Mail.DUE, mail_due_at__lte=timezone.now())
        notice = due.select_for_update(of=("self",), skip_locked=True).select_related("member__user").first()
        if notice is None:
            return
        notice.mail_due_at = timezone.now() + UNDER_WAY
        notice.mail_tries += 1
        notice.save(update_fields=["mail_due_at", "mail_tries"])
        workspace, path = notice.workspace, _door(notice)
    try:
        with translation.override(language_of(notice.member.user)):
            _mail(notice, workspace.name, workspace.slug, path).send()
    except (SMTPException, OSError) as error:
        logger.warning("notice %s could not be mailed: %s", notice.pk, error)
        again = PAUSES[notice.mail_tries - 1 : notice.mail_tries]
        state = Notice.Mail.DUE if again else Notice.Mail.FAILED
        due_at = timezone.now() + again[0] if again else None
    else:
        state, due_at = Notice.Mail.SENT, None
    with entered(workspace_id):
        Notice.objects.filter(pk=notice_id).update(mail=state, mail_due_at=due_at)


def language_of(user: User) -> str:
    """The language that `user` reads; the house's own until they chose one."""
    return user.language or str(settings.LANGUAGE_CODE)


def _who_is_mailed(members: list[Member], note: Note, now: datetime) -> set[int]:
    """Those who want this kind by mail, and did not get too many of it within the hour."""
    if not members:
        return set()
    pks = [member.pk for member in members]
    unwanted = NoticeChoice.objects.filter(member__in=pks, kind=note.slug, mail=False)
    silent = set(unwanted.values_list("member_id", flat=True))
    lately = Notice.objects.filter(member__in=pks, kind=note.slug, made_at__gt=now - timedelta(hours=1))
    counted: dict[int, int] = {}
    for pk in lately.exclude(mail=Notice.Mail.NONE).values_list("member_id", flat=True):
        counted[pk] = counted.get(pk, 0) + 1
    return {pk for pk in pks if pk not in silent and counted.get(pk, 0) < MAILS_AN_HOUR}


def _notice(
    member: Member, note: Note, key: str, url: str, facts: Mapping[str, Any], now: datetime, *, mail: bool
) -> Notice:
    with translation.override(language_of(member.user)):
        words = _words(note, facts)
    return Notice(
        workspace_id=member.workspace_id,
        member=member,
        kind=note.slug,
        key=key[:200],
        title=words["title"][:300],
        body=words["body"],
        action=words["action"][:80],
        url=url,
        made_at=now,
        mail=Notice.Mail.DUE if mail else Notice.Mail.NONE,
        mail_due_at=now if mail else None,
    )


def _words(note: Note, facts: Mapping[str, Any]) -> dict[str, str]:
    """The note's words with the facts in their places, in the language now active."""
    said = _plain(facts)
    parts = {"title": note.title, "body": note.body, "action": note.action}
    return {name: str(text) % said if said else str(text) for name, text in parts.items()}


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(fact) if isinstance(fact, Promise) else fact for name, fact in facts.items()}


def _door(notice: Notice) -> str:
    note = KINDS.get(notice.kind)
    if note is not None and note.door is not None:
        return note.door(notice.workspace_id, notice.member_id, notice.url)
    path: str = reverse("workspaces:open_notice", args=[notice.workspace.slug, notice.pk])
    return path


def _mail(notice: Notice, workspace: str, slug: str, path: str) -> EmailMultiAlternatives:
    house = str(settings.PUBLIC_URL).rstrip("/")
    facts = {
        "notice": notice,
        "workspace": workspace,
        "link": house + path,
        "choose": house + reverse("workspaces:notice_choices", args=[slug]),
        "language": translation.get_language(),
    }
    mail = EmailMultiAlternatives(
        subject=" ".join(notice.title.split()),
        body=render_to_string("email/notice.txt", facts),
        to=[notice.member.user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("email/notice.html", facts), "text/html")
    return mail

"""Briefs and requests for attestations: sent as a link, opened, signed, reminded of, withdrawn."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import formats, timezone, translation

from compliance import chain
from compliance.actions.keeping import keeping
from compliance.actions.sealing import Sealing, seal
from compliance.models import STATEMENTS, Endorser, Evidence, Letter, Signature
from compliance.queries.briefing import attestation, brief, words_in
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member, Workspace

logger = logging.getLogger(__name__)
SALT = "letter"
LETTERS = "letters"
MOST_REMINDERS = 3
Kind = Letter.Kind
USUAL = {Kind.BRIEF: ("understood",), Kind.ATTESTATION: ("used", "honest")}


class NotSigned(Exception):
    """The letter cannot be signed like this; the text is one of its own language, for the endorser."""


def send_letter(
    endorser: Endorser,
    *,
    kind: Letter.Kind,
    brand: str,
    workspace: Workspace,
    by: Member,
    language: str = "",
    statements: Collection[str] = (),
    note: str = "",
    now: datetime | None = None,
) -> Letter:
    """A letter whose words are frozen now, mailed when the endorser has an address; `link_to` is its link.

    `language`: empty means the endorser's own. Raises KeyError for a statement nobody defined.
    """
    now = now or timezone.now()
    language = language or endorser.language or "en"
    codes = [code for code in (statements or USUAL[kind]) if STATEMENTS[code]]
    if kind == Kind.BRIEF:
        says = brief(endorser, brand, workspace=workspace, language=language, on=workspace.day(now))
    else:
        says = attestation(endorser, brand, workspace=workspace, language=language)
    with transaction.atomic():
        letter: Letter = Letter.objects.create(
            endorser=endorser,
            kind=kind,
            brand=brand.strip(),
            language=language,
            statements=codes,
            says=says,
            note=note.strip(),
            email=endorser.email,
            nonce=secrets.token_hex(8),
            sent_by=by,
            sent_by_name=str(by.user),
            expires_at=now + timedelta(days=keeping().letter_days),
        )
        mail(letter, workspace)
        told = {"endorser": endorser.pk, "brand": brand, "kind": kind, "language": language}
        record(workspace.pk, by=by, verb="sent_letter", thing=f"letter:{letter.pk}", **told)
    return letter


def link_to(letter: Letter) -> str:
    """The letter's own address, good for whoever has it until it lapses."""
    token = signing.dumps({"w": letter.workspace_id, "l": letter.pk, "n": letter.nonce}, salt=SALT, compress=True)
    path: str = reverse("compliance:letter", args=[token])
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def letter_of(token: str) -> tuple[int, int, str]:
    """(workspace id, letter id, nonce) that a link names. Raises signing.BadSignature for one we did not make."""
    told = signing.loads(token, salt=SALT)
    return int(told["w"]), int(told["l"]), str(told["n"])


def open_letter(letter: Letter) -> Letter:
    """Remember when it was first opened."""
    if letter.opened_at is None:
        letter.opened_at = timezone.now()
        letter.save(update_fields=["opened_at"])
    return letter


def shown_digest(letter: Letter) -> str:
    """SHA-256 over what the letter's page shows: what a signature is put under."""
    told = {"says": letter.says, "note": letter.note, "statements": letter.statements, "language": letter.language}
    return chain.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False))


def sign(letter: Letter, *, name: str, statements: Collection[str], now: datetime | None = None) -> Signature:
    """The endorser's word, sealed into the chain. Raises NotSigned when it lapsed, or something is not confirmed."""
    words = words_in(letter.language)
    now = now or timezone.now()
    with transaction.atomic():
        letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        there: Signature | None = letter.signatures.first()
        if there is not None:
            return there
        if not letter.open(now):
            raise NotSigned(words["over"])
        if not name.strip():
            raise NotSigned(words["name_missing"])
        if set(statements) != set(letter.statements):
            raise NotSigned(words["tick_missing"].format(workspace=letter.workspace.name))
        made: Signature = Signature.objects.create(
            letter=letter,
            endorser=letter.endorser,
            brand=letter.brand,
            statements=letter.statements,
            name=name.strip()[:120],
            digest=shown_digest(letter),
        )
        facts = {
            "signature": made.pk,
            "letter": letter.pk,
            "kind": letter.kind,
            "brand": letter.brand,
            "name": made.name,
            "statements": {code: words["statements"][code] for code in letter.statements},
            "says": letter.says,
            "note": letter.note,
            "language": letter.language,
            "shown_sha256": made.digest,
            "at": chain.moment(made.at),
        }
        seal(Sealing(Evidence.Kind.SIGNATURE, f"letter:{letter.pk}", facts, endorser=letter.endorser_id))
        told = {"endorser": letter.endorser_id, "name": made.name, "statements": letter.statements}
        record(letter.workspace_id, by=None, verb="signed_letter", thing=f"letter:{letter.pk}", **told)
    touch(letter.workspace_id, LETTERS)
    return made


def remind(letter: Letter, *, workspace: Workspace, by: Member | None) -> Letter:
    """Mail it once more; nothing happens when it is signed, lapsed, or the endorser has no address."""
    if not letter.email or not letter.open(timezone.now()) or letter.signatures.exists():
        return letter
    with transaction.atomic():
        letter.reminders += 1
        letter.reminded_at = timezone.now()
        letter.save(update_fields=["reminders", "reminded_at"])
        mail(letter, workspace, again=True)
        record(letter.workspace_id, by=by, verb="reminded", thing=f"letter:{letter.pk}", times=letter.reminders)
    return letter


def withdraw_letter(letter: Letter, *, by: Member) -> Letter:
    """Its link leads nowhere from now on; what was signed stays signed."""
    if letter.withdrawn_at is None:
        with transaction.atomic():
            letter.withdrawn_at = timezone.now()
            letter.save(update_fields=["withdrawn_at"])
            record(letter.workspace_id, by=by, verb="withdrew_letter", thing=f"letter:{letter.pk}")
    return letter


def mail(letter: Letter, workspace: Workspace, *, again: bool = False) -> None:
    """Once this transaction commits the link goes to the endorser's address, if there is one."""
    if not letter.email:
        return
    words = words_in(letter.language)
    with translation.override(letter.language):
        until = formats.date_format(timezone.localtime(letter.expires_at), "DATE_FORMAT")
    named = {"workspace": workspace.name, "brand": letter.brand, "name": letter.endorser.name, "until": until}
    subject = words["mail_again" if again else "mail_subject"].format(**named)
    body = words["mail_body"].format(link=link_to(letter), **named)
    transaction.on_commit(lambda: _mail(letter, " ".join(subject.split()), body))


def _mail(letter: Letter, subject: str, body: str) -> None:
    try:
        send_mail(subject, body, None, [letter.email])
    except (SMTPException, OSError) as error:
        logger.warning("letter %s could not be mailed: %s", letter.pk, error)

"""The way to a network's consent page and back: one state, used once, by who asked for it."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from networks import registry
from networks.actions.accounts import connect
from networks.actions.sealing import remote_as_json, remote_from_json
from networks.models import Account, Consent
from networks.protocol import Connects, ConnectsSites, Door, NotOurs, RemoteAccount
from networks.queries import consent_by_state, redirect_uri
from workspaces.models import Member
from workspaces.tenancy import entered
from workspaces.vault import open_sealed, seal

LIFETIME = timedelta(minutes=10)


def begin(slug: str, *, by: Member, session_key: str, account: Account | None = None) -> str:
    """The network's consent address for a fresh state. `account`: the one to be reconnected.

    Inside `entered`. Raises NotOurs when this network cannot be connected here.
    """
    network = registry.get(slug)
    if not isinstance(network, Connects) or not registry.configured(slug):
        raise NotOurs(_("%(network)s is not set up on this server yet.") % {"network": network.name})
    verifier = secrets.token_urlsafe(64)
    state = _begun(slug, verifier, by=by, session_key=session_key, account=account)
    return network.authorize_url(state=state, redirect_uri=redirect_uri(slug), verifier=verifier)


def begin_at(door: Door, slug: str, *, by: Member, session_key: str, account: Account | None = None) -> str:
    """The address of the consent page behind `door`, which is sealed until the person comes back.

    Inside `entered`. Raises NotOurs when the site has no such page.
    """
    network = sites(slug)
    state = _begun(slug, json.dumps(asdict(door)), by=by, session_key=session_key, account=account)
    return network.consent_url(door, state=state, redirect_uri=redirect_uri(slug))


def sites(slug: str) -> ConnectsSites:
    """The network of people's own sites called `slug`. Raises NotOurs when it is none."""
    network = registry.get(slug)
    if not isinstance(network, ConnectsSites):
        raise NotOurs(_("This network is not known here."))
    return network


def admitted(consent: Consent, verifier: str, given: Mapping[str, str]) -> list[RemoteAccount]:
    """What the network gave for `given`, the query the person came back with. Talks to it; raises NotOurs, TryLater."""
    network = registry.get(consent.network)
    if isinstance(network, ConnectsSites):
        return [network.admit(Door(**json.loads(verifier)), given)]
    if given.get("error") or not given.get("code"):
        raise NotOurs(_("You did not give access, so nothing was connected."))
    if not isinstance(network, Connects):
        raise NotOurs(_("This network is not known here."))
    return network.exchange(code=given["code"], redirect_uri=consent.redirect_uri, verifier=verifier)


def let_in(remote: RemoteAccount, slug: str, *, by: Member, account: Account | None = None) -> Account:
    """Connect the site that a typed password opened. `account`: the one to be reconnected. Inside `entered`."""
    if account is not None and account.uid != remote.uid:
        raise NotOurs(_("This is another site than %(name)s.") % {"name": account.name})
    return connect(remote, network=slug, by=by)


def _begun(slug: str, verifier: str, *, by: Member, session_key: str, account: Account | None) -> str:
    """A fresh state, on record with what only we may know."""
    state = secrets.token_urlsafe(32)
    Consent.objects.create(
        network=slug,
        member=by,
        account=account,
        state_digest=digest(state),
        session_digest=digest(session_key),
        redirect_uri=redirect_uri(slug),
        sealed=seal(by.workspace_id, verifier.encode(), context=_context(digest(state))),
        expires_at=timezone.now() + LIFETIME,
    )
    return state


def claim(state: str, *, slug: str, user_id: int, session_key: str) -> tuple[Consent, str]:
    """The consent that `state` belongs to, now used up, and its PKCE verifier; enters its workspace itself.

    Raises NotOurs for a state that is unknown, used, old, of another network, session or person.
    """
    refused = NotOurs(_("This connection was not started here, or it took too long. Start it again."))
    found = consent_by_state(digest(state))
    if found is None:
        raise refused
    consent_id, workspace_id = found
    with entered(workspace_id, user_id=user_id):
        claimed = Consent.objects.filter(
            pk=consent_id,
            network=slug,
            member__user_id=user_id,
            session_digest=digest(session_key),
            used_at=None,
            expires_at__gt=timezone.now(),
        ).update(used_at=timezone.now())
        if not claimed:
            raise refused
        consent = Consent.objects.select_related("member__user", "workspace", "account").get(pk=consent_id)
        if not consent.member.may("connect_accounts"):
            raise NotOurs(_("Your role does not allow connecting accounts."))
        verifier = open_sealed(workspace_id, bytes(consent.sealed), context=_context(consent.state_digest)).decode()
    return consent, verifier


def receive(consent: Consent, found: list[RemoteAccount]) -> list[Account]:
    """Connect what the grant gave; empty when a person must choose first (`choices`, then `choose`).

    Inside `entered`. Raises NotOurs when there is nothing to connect, or not the account that was asked for.
    """
    if consent.account is not None:
        found = [remote for remote in found if remote.uid == consent.account.uid]
        if not found:
            wrong = _("You gave access to another account. Sign in at the network as %(name)s and try again.")
            raise NotOurs(wrong % {"name": consent.account.name})
    if not found:
        raise NotOurs(_("There is no account or page here that you may publish to."))
    if len(found) > 1:
        _keep(consent, found)
        return []
    return [_finish(consent, found)[0]]


def choices(consent: Consent) -> list[RemoteAccount]:
    """What the grant gave. Raises NotOurs once it lapsed or was chosen from. Inside `entered`."""
    if consent.expires_at <= timezone.now():
        raise NotOurs(_("This took too long. Start it again."))
    opened = open_sealed(consent.workspace_id, bytes(consent.sealed), context=_context(consent.state_digest))
    return [remote_from_json(each) for each in json.loads(opened)]


def choose(consent: Consent, uids: Collection[str], *, by: Member) -> list[Account]:
    """Connect the chosen accounts, and forget the rest. Raises NotOurs when nothing was chosen, or too late."""
    consent = Consent.objects.select_for_update().get(pk=consent.pk, member=by)
    chosen = [remote for remote in choices(consent) if remote.uid in uids]
    if not chosen:
        raise NotOurs(_("Choose at least one account."))
    return _finish(consent, chosen)


def forget_stale() -> None:
    """Drop consents nobody came back for, with what they hold. Inside `entered`."""
    Consent.objects.filter(expires_at__lt=timezone.now()).delete()


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _keep(consent: Consent, found: list[RemoteAccount]) -> None:
    plain = json.dumps([remote_as_json(remote) for remote in found]).encode()
    consent.sealed = seal(consent.workspace_id, plain, context=_context(consent.state_digest))
    consent.save(update_fields=["sealed"])


def _finish(consent: Consent, chosen: list[RemoteAccount]) -> list[Account]:
    accounts = [connect(remote, network=consent.network, by=consent.member) for remote in chosen]
    consent.delete()
    return accounts


def _context(state_digest: str) -> str:
    return f"consent:{state_digest[:16]}"

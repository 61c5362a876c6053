"""A workspace's own host for its short links: added, shown to be its own, and made the usual one."""

from __future__ import annotations

import re
import secrets

import dns.exception
import dns.resolver
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from networks import registry
from networks.fetch import NotFetched, fetch
from smo.models import Domain
from smo.protocol import NotTracked
from smo.queries.links import house_hosts
from workspaces.actions import record
from workspaces.models import Member

HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
RECORD = "_gardu"
FILE = "/.well-known/gardu.txt"
SECONDS = 5.0


def add_domain(host: str, *, way: str, by: Member) -> Domain:
    """A host that is not yet shown to be the workspace's. Raises NotTracked: address, taken."""
    host = host.strip().rstrip(".").lower().removeprefix("https://").removeprefix("http://").rstrip("/")
    if not HOST.fullmatch(host) or host in house_hosts():
        raise NotTracked("address")
    try:
        with transaction.atomic():
            made: Domain = Domain.objects.create(
                host=host, way=way, token=f"gardu-{secrets.token_hex(16)}", added_by=by
            )
    except IntegrityError as error:
        raise NotTracked("taken") from error
    record(by.workspace_id, by=by, verb="added_domain", thing=f"domain:{made.pk}", host=host)
    return made


def look_for_proof(domain: Domain) -> str:
    """What keeps the host from being shown as the workspace's: "" or missing, other, unreachable. Talks to others."""
    found = _in_dns(domain.host) if domain.way == Domain.Way.DNS else _on_site(domain.host)
    if found is None:
        return "unreachable"
    if domain.token in found:
        return ""
    return "other" if any(text.startswith("gardu-") for text in found) else "missing"


def keep_proof(domain: Domain, trouble: str, *, by: Member) -> Domain:
    """Write down what was found. Raises NotTracked (taken) when another workspace has shown the host as its own."""
    domain.checked_at, domain.trouble = timezone.now(), trouble
    if not trouble and domain.verified_at is None:
        domain.verified_at = timezone.now()
        domain.main = not Domain.objects.filter(main=True).exists()
    try:
        with transaction.atomic():
            domain.save(update_fields=["checked_at", "trouble", "verified_at", "main"])
    except IntegrityError as error:
        raise NotTracked("taken") from error
    if not trouble:
        record(domain.workspace_id, by=by, verb="verified_domain", thing=f"domain:{domain.pk}", host=domain.host)
    return domain


def make_main(domain: Domain | None, *, by: Member) -> None:
    """New links are made on `domain` from now on; None: below the app's own address."""
    with transaction.atomic():
        Domain.objects.filter(main=True).update(main=False)
        if domain is not None and domain.verified_at is not None:
            Domain.objects.filter(pk=domain.pk).update(main=True)
    record(by.workspace_id, by=by, verb="chose_domain", thing=f"domain:{domain.pk if domain else 0}")


def drop_domain(domain: Domain, *, by: Member) -> bool:
    """Take a host away that no link is on; whether that was so."""
    if domain.links.exists():
        return False
    number, host = domain.pk, domain.host
    domain.delete()
    record(by.workspace_id, by=by, verb="dropped_domain", thing=f"domain:{number}", host=host)
    return True


def _in_dns(host: str) -> list[str] | None:
    """The TXT records below the host; None when nobody answers."""
    resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    if settings.DNS_SERVERS:
        resolver.nameservers = [server.rsplit(":", 1)[0] for server in settings.DNS_SERVERS]
        resolver.port = int(settings.DNS_SERVERS[0].rsplit(":", 1)[1])
    try:
        answer = resolver.resolve(f"{RECORD}.{host}", "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError):
        return None
    return [b"".join(row.strings).decode("ascii", "replace") for row in answer]


def _on_site(host: str) -> list[str] | None:
    """The lines of the file on the host; None when it cannot be reached."""
    try:
        found = fetch(
            f"https://{host}{FILE}", reach=registry.reach(), kinds=("text/plain",), limit=4096, seconds=SECONDS
        )
    except NotFetched as error:
        return [] if error.gone or error.word == "kind" else None
    return found.body.decode("utf-8", "replace").split()

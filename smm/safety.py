"""What must be true before Gardu serves anybody in production."""

import base64
import binascii
import os
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

UNSAFE_SECRET_KEY = "unsafe-development-key"  # noqa: S105  # the name says it
NO_DATABASE = "postgres://gardu@127.0.0.1:1/gardu"
NO_REDIS = "redis://127.0.0.1:1/0"
LOCAL = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def reasons_not_to_start(settings: Mapping[str, Any]) -> list[str]:  # Any: settings are of every kind
    """One sentence for each unsafe setting, telling what to set; empty when production may start."""
    return [*_keys(settings), *_addresses(settings), *_services(settings)]


def origins(*addresses: str) -> list[str]:
    """The origins (scheme://host:port) of those addresses that are not empty, for a content security policy."""
    parts = [urlsplit(address) for address in addresses if address]
    return [f"{part.scheme}://{part.netloc}" for part in parts]


def vault_key_problem(keys: str) -> str:
    """Why VAULT_KEYS cannot seal anything; empty when it can."""
    if not keys.strip():
        return "VAULT_KEYS is empty: nothing can be sealed. Set it to `id:base64 of 32 random bytes`."
    for entry in keys.split(","):
        name, _, encoded = entry.strip().partition(":")
        try:
            size = len(base64.b64decode(encoded, validate=True))
        except binascii.Error:
            size = 0
        if not name or size != 32:
            return f"VAULT_KEYS: the entry {name or 'without a name'} is not `id:base64 of 32 bytes`."
    return ""


def _keys(settings: Mapping[str, Any]) -> Iterator[str]:
    key = settings["SECRET_KEY"]
    if key == UNSAFE_SECRET_KEY or len(key) < 40 or len(set(key)) < 10:
        yield "SECRET_KEY is missing or guessable. Set it to at least 40 random characters."
    if settings["DEBUG"]:
        yield "DEBUG is on: error pages would show secrets. Unset it."
    if problem := vault_key_problem(settings["VAULT_KEYS"]):
        yield problem


def _addresses(settings: Mapping[str, Any]) -> Iterator[str]:
    public = urlsplit(settings["PUBLIC_URL"])
    if public.scheme != "https" or not public.hostname or public.hostname in LOCAL:
        yield "PUBLIC_URL must be the https:// address that people open; links and sign-in with networks need it."
    hosts = set(settings["ALLOWED_HOSTS"])
    if "*" in hosts or not hosts - LOCAL:
        yield "ALLOWED_HOSTS must name the hosts this app is served under, and no `*`."
    if "CHAOS_ARMED" in os.environ:
        yield "CHAOS_ARMED is set: processes would be killed at chosen places. Unset it."
    if settings["SANDBOX_URL"]:
        yield "SANDBOX_URL is set: posts would go to pretend networks. Unset it."
    if settings["SITES_PRIVATE_HOSTS"]:
        yield "SITES_PRIVATE_HOSTS is set: people could reach machines inside this network. Unset it."


def _services(settings: Mapping[str, Any]) -> Iterator[str]:
    if settings["DATABASE_URL"] == NO_DATABASE:
        yield "DATABASE_URL is missing: the address of the app's own login at PostgreSQL."
    elif settings["DATABASE_OWNER_URL"] == settings["DATABASE_URL"]:
        yield (
            "DATABASE_OWNER_URL is missing or the same as DATABASE_URL: the app must not own its tables, "
            "else row-level security would not hold it."
        )
    if not settings["PUBLISHER_WITNESS"]:
        yield "PUBLISHER_WITNESS is empty: a restored database would send again what is live. Set it to a folder."
    if settings["REDIS_URL"] == NO_REDIS:
        yield "REDIS_URL is missing: the address of Valkey or Redis."

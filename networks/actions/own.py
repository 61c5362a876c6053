"""Networks that a workspace describes itself: made, changed, retired and taken up again."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from networks.models import OwnNetwork
from networks.protocol import NotOurs
from networks.protocol.own import ANY, HANDLE
from networks.queries import OWN
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.tenancy import current_workspace_id, notebook

MOST = 20  # networks of one workspace's own
SIDE = 48
MOST_PIXELS = 4_000_000


@transaction.atomic
def describe(facts: Mapping[str, Any], *, by: Member, network: OwnNetwork | None = None) -> OwnNetwork:
    """A new network by its facts (the model's fields), or other facts for the one given (Any: the fields' values).

    Raises NotOurs when an address will not do, the name is taken, or there are too many.
    """
    if network is None and OwnNetwork.objects.filter(retired_at__isnull=True).count() >= MOST:
        raise NotOurs(_("A workspace has at most %(most)d networks of its own.") % {"most": MOST})
    made = network or OwnNetwork(workspace_id=current_workspace_id())
    for name, value in facts.items():
        setattr(made, name, value)
    _checked(made)
    try:
        with transaction.atomic():
            made.full_clean(exclude=["workspace"])
            made.save()
    except (IntegrityError, ValidationError) as error:
        raise NotOurs(_("There is a network of this name already, or one of its figures will not do.")) from error
    _note(made, by, "changed a network of its own" if network else "made a network of its own")
    return made


@transaction.atomic
def retire(network: OwnNetwork, *, by: Member) -> OwnNetwork:
    """No new channels for it; those that are there go on until they are taken away."""
    network.retired_at = network.retired_at or timezone.now()
    network.save(update_fields=["retired_at"])
    _note(network, by, "retired a network of its own")
    return network


@transaction.atomic
def bring_back(network: OwnNetwork, *, by: Member) -> OwnNetwork:
    """It takes new channels again. Raises NotOurs when another one has its name now."""
    network.retired_at = None
    try:
        with transaction.atomic():
            network.save(update_fields=["retired_at"])
    except IntegrityError as error:
        raise NotOurs(_("There is a network of this name already.")) from error
    _note(network, by, "brought back a network of its own")
    return network


def icon_of(data: bytes) -> str:
    """A picture as a badge: 48 pixels, PNG, in base64; drawn anew, so nothing of the file itself is kept.

    Raises NotOurs when it is no picture, or too large a one.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotOurs(_("The icon is too large. Take one of at most 2000 by 2000 pixels."))
            small = picture.convert("RGBA").resize((SIDE, SIDE))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotOurs(_("The icon is no PNG, JPEG or WebP picture.")) from error
    made = io.BytesIO()
    small.save(made, "PNG", optimize=True)
    return base64.b64encode(made.getvalue()).decode()


def _checked(network: OwnNetwork) -> None:
    for address in (network.place, network.pattern):
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or "." not in (parts.hostname or "") or parts.username:
            raise NotOurs(_("Both addresses begin with https:// and name a site."))
        if address.count(HANDLE) > 1 or {"{", "}"} & set(address.replace(HANDLE, "")):
            raise NotOurs(
                _("In an address, {handle} stands for the channel's name, once, and nothing else is in braces.")
            )
    if network.pattern.count(ANY) > 1 or HANDLE in (urlsplit(network.pattern).hostname or ""):
        raise NotOurs(_("In the address of a post, one * stands for what differs from post to post."))
    if ANY not in urlsplit(network.pattern).path:
        raise NotOurs(_("In the address of a post, put a * where each post's own part is."))
    if network.text < 1 or (network.images + network.videos) > 40:
        raise NotOurs(_("A network takes at least one character, and at most 40 pictures and videos."))


def _note(network: OwnNetwork, by: Member, verb: str) -> None:
    notebook().pop(OWN, None)
    touch(network.workspace_id, "accounts")
    record(network.workspace_id, by=by, verb=verb, thing=f"network:{network.slug}", name=network.name)

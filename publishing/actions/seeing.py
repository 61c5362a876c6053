"""Whether the address that a person brought opens for everybody: asked once, and told, never decided upon."""

from __future__ import annotations

import logging

from networks import registry
from networks.fetch import NotFetched, fetch
from networks.fetch.client import HTML
from publishing.models import Handover
from publishing.queries import Ref
from workspaces.live import touch
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
SECONDS = 6.0  # within those in which it can be taken back


def see(ref: Ref) -> Handover.Seen | None:
    """Look at what was said, like any passer-by. Talks to the web, so never inside a transaction. None: nothing said.

    A network that shows its posts to nobody without an account is no sign of anything: it says "not seen", and the
    person's word stands.
    """
    with entered(ref.workspace_id):
        handover = Handover.objects.filter(publication=ref.id, said_at__isnull=False).first()
    if handover is None:
        return None
    seen = Handover.Seen.SEEN
    try:
        fetch(handover.said_url, reach=registry.reach(), kinds=HTML, limit=512 * 1024, seconds=SECONDS)
    except NotFetched as error:
        logger.info("publication %s: its address was not seen (%s)", ref.id, error)
        seen = Handover.Seen.SEEN if error.word == "large" else Handover.Seen.NOT_SEEN
    with entered(ref.workspace_id):
        Handover.objects.filter(pk=handover.pk, said_url=handover.said_url).update(seen=seen)
        touch(ref.workspace_id, "publishing")
    return seen

"""What is sealed of a publication that went live: the bytes, where they went, and the network's receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping

from compliance.actions import Sealing
from compliance.models import Evidence
from networks.protocol import Receipt
from publishing.models import Correction, Publication


def sealing_of(
    publication: Publication,
    receipt: Receipt,
    *,
    told_by: str = "",
    correction: Correction | None = None,
    by_hand: Mapping[str, str] | None = None,
) -> Sealing:
    """Everything about `publication` that is to stand in the chain. No query when its account is at hand.

    `told_by`: the person who saw it on the network, when it was not the network itself that told us. `correction`:
    the words that took the place of the first ones there. `by_hand`: who posted it and when, where no app may.
    """
    account, words = publication.account, correction or publication
    return Sealing(
        kind=Evidence.Kind.PUBLICATION,
        subject=f"publication:{publication.pk}",
        endorser=publication.endorser_id,
        verdict=words.verdict_id,
        with_records=True,
        facts={
            "publication": publication.pk,
            # The very preimage of the fingerprint, so that anybody can work it out again.
            "content": json.dumps(words.content, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
            "fingerprint": words.fingerprint,
            "correction": correction.pk if correction else None,
            "network": account.network,
            "account": {"id": account.pk, "uid": account.uid, "name": account.name, "handle": account.handle},
            "target": {
                "kind": publication.target_kind,
                "post": publication.target_post_id,
                "message": publication.target_message_id,
            },
            "brands": publication.brands,
            "around": publication.around,
            "due_at": publication.due_at.isoformat(),
            "receipt": {"remote_id": receipt.remote_id, "url": receipt.url, "told_by": told_by},
            **({"by_hand": dict(by_hand)} if by_hand else {}),
        },
    )

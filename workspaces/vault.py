"""The vault: what opens a customer's accounts, sealed under the workspace's own data key.

Each data key is itself sealed by a key-encryption key from VAULT_KEYS; rotating re-seals the data keys only.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction

from workspaces import cipher
from workspaces.models import DataKey
from workspaces.tenancy import current_workspace_id

SealBroken = cipher.SealBroken
NoKey = cipher.NoKey


def seal(workspace_id: int, plaintext: bytes, *, context: str) -> bytes:
    """`plaintext` sealed for this workspace and `context` (what it is, as "account:12"), inside `entered`.

    Raises NoKey when VAULT_KEYS is missing. Costs one query, and one insert the first time.
    """
    data_key = _data_key(workspace_id)
    body = cipher.seal(_opened(data_key), plaintext, bound_to=_owner(workspace_id, context))
    return int(data_key.pk).to_bytes(8, "big") + body


def open_sealed(workspace_id: int, sealed: bytes, *, context: str) -> bytes:
    """What was sealed. Raises SealBroken for another workspace, another context or changed bytes; NoKey."""
    sealed = bytes(sealed)
    data_key = DataKey.objects.filter(pk=int.from_bytes(sealed[:8], "big")).first()
    if data_key is None:
        raise SealBroken("This was not sealed in this workspace")
    return cipher.unseal(_opened(data_key), sealed[8:], bound_to=_owner(workspace_id, context))


def open_many(workspace_id: int, sealed: Mapping[str, bytes]) -> dict[str, bytes]:
    """Context -> plaintext of what opens; what does not is left out (`open_sealed` says why). One query."""
    wanted = {context: bytes(one) for context, one in sealed.items() if one}
    rows = DataKey.objects.in_bulk({int.from_bytes(one[:8], "big") for one in wanted.values()})
    keys: dict[int, bytes] = {}
    found = {}
    for context, one in wanted.items():
        number = int.from_bytes(one[:8], "big")
        try:
            if number not in keys:
                keys[number] = _opened(rows[number])
            found[context] = cipher.unseal(keys[number], one[8:], bound_to=_owner(workspace_id, context))
        except (KeyError, SealBroken, NoKey):
            continue
    return found


def rotate() -> int:
    """Re-seal the entered workspace's data keys under the newest key-encryption key; how many were changed.

    Safe to call twice. Raises NoKey when an old key is no longer in VAULT_KEYS.
    """
    name, newest = _ring().newest
    changed = 0
    with transaction.atomic():
        for data_key in DataKey.objects.select_for_update().exclude(kek=name):
            key = _opened(data_key)
            data_key.sealed = cipher.seal(newest, key, bound_to=_owner(data_key.workspace_id, "data-key"))
            data_key.kek = name
            data_key.save(update_fields=["sealed", "kek"])
            changed += 1
    return changed


def _ring() -> cipher.Ring:
    return cipher.Ring.read(settings.VAULT_KEYS)


def _data_key(workspace_id: int) -> DataKey:
    data_key = DataKey.objects.order_by("-pk").first()
    if data_key is None:
        name, kek = _ring().newest
        sealed = cipher.seal(kek, cipher.new_key(), bound_to=_owner(workspace_id, "data-key"))
        data_key, _ = DataKey.objects.get_or_create(
            workspace_id=current_workspace_id(), generation=1, defaults={"kek": name, "sealed": sealed}
        )
    return data_key


def _opened(data_key: DataKey) -> bytes:
    key = _ring().key(data_key.kek)
    return cipher.unseal(key, bytes(data_key.sealed), bound_to=_owner(data_key.workspace_id, "data-key"))


def _owner(workspace_id: int, context: str) -> str:
    return f"gardu:workspace:{workspace_id}:{context}"

"""What people do with a workspace, the line each act leaves, and what people are told."""

from workspaces.actions.hooks import (
    change_hook,
    drop_hook,
    make_hook,
    new_secret,
    redeliver,
    try_hook,
)
from workspaces.actions.notices import choose_mail, notify, read_all, set_read
from workspaces.actions.people import (
    NotAllowed,
    change_role,
    change_settings,
    found_workspace,
    invite,
    join,
    key_used,
    make_api_key,
    reads,
    record,
    remove_member,
    revoke_api_key,
    withdraw_invitation,
)

__all__ = [
    "NotAllowed",
    "change_hook",
    "change_role",
    "change_settings",
    "choose_mail",
    "drop_hook",
    "found_workspace",
    "invite",
    "join",
    "key_used",
    "make_api_key",
    "make_hook",
    "new_secret",
    "notify",
    "read_all",
    "reads",
    "record",
    "redeliver",
    "remove_member",
    "revoke_api_key",
    "set_read",
    "try_hook",
    "withdraw_invitation",
]

"""What is done with accounts: connect, keep open, open for a call, pause, disconnect."""

from networks.actions.accounts import connect, disconnect, mark_reconnect, pause, resume
from networks.actions.by_hand import Charge, add_by_hand, put_in_charge
from networks.actions.own import bring_back, describe, icon_of, retire
from networks.actions.tokens import open_many, refresh, sender, subscribe, tend

__all__ = [
    "Charge",
    "add_by_hand",
    "bring_back",
    "connect",
    "describe",
    "disconnect",
    "icon_of",
    "mark_reconnect",
    "open_many",
    "pause",
    "put_in_charge",
    "refresh",
    "resume",
    "retire",
    "sender",
    "subscribe",
    "tend",
]

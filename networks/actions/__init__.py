"""What is done with accounts: connect, keep open, open for a call, pause, disconnect."""

from networks.actions.accounts import connect, disconnect, mark_reconnect, pause, resume
from networks.actions.by_hand import Charge, add_by_hand, put_in_charge
from networks.actions.tokens import open_many, refresh, sender, subscribe, tend

__all__ = [
    "Charge",
    "add_by_hand",
    "connect",
    "disconnect",
    "mark_reconnect",
    "open_many",
    "pause",
    "put_in_charge",
    "refresh",
    "resume",
    "sender",
    "subscribe",
    "tend",
]

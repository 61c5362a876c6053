"""What is done with accounts: connect, keep open, open for a call, pause, disconnect."""

from networks.actions.accounts import connect, disconnect, mark_reconnect, pause, resume
from networks.actions.tokens import open_many, refresh, sender, subscribe, tend

__all__ = [
    "connect",
    "disconnect",
    "mark_reconnect",
    "open_many",
    "pause",
    "refresh",
    "resume",
    "sender",
    "subscribe",
    "tend",
]

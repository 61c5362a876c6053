"""The words every carrier shares: what is sent, what comes back, what fits, and what to do when it does not.

Frozen values cross the floors; a network satisfies one small Protocol per ability (`isinstance(network, Listens)`).
"""

from networks.protocol.abilities import (
    Connects,
    Deletes,
    Finds,
    Listens,
    Measures,
    Moderates,
    Network,
    Offers,
    Publishes,
    Reconcile,
    Replies,
)
from networks.protocol.content import Content, Media, MediaKind, OpenMedia, Target, TargetKind
from networks.protocol.errors import BadSignature, NetworkError, NotOurs, Reconnect, Refused, TryLater, Unsure
from networks.protocol.limits import Counting, Fact, Limits, Misfit, Option
from networks.protocol.news import Delivery, Event, EventKind, Listed, Listing, Measurement, Person, RateState, Receipt
from networks.protocol.senders import AppKey, Credentials, RemoteAccount, Sender

__all__ = [
    "AppKey",
    "BadSignature",
    "Connects",
    "Content",
    "Counting",
    "Credentials",
    "Deletes",
    "Delivery",
    "Event",
    "EventKind",
    "Fact",
    "Finds",
    "Limits",
    "Listed",
    "Listens",
    "Listing",
    "Measurement",
    "Measures",
    "Media",
    "MediaKind",
    "Misfit",
    "Moderates",
    "Network",
    "NetworkError",
    "NotOurs",
    "Offers",
    "OpenMedia",
    "Option",
    "Person",
    "Publishes",
    "RateState",
    "Receipt",
    "Reconcile",
    "Reconnect",
    "Refused",
    "RemoteAccount",
    "Replies",
    "Sender",
    "Target",
    "TargetKind",
    "TryLater",
    "Unsure",
]

"""Pure decisions of the reply desk: which thread an event belongs to, what is owed and when, when to try again."""

from social_crm.rules.hours import Hours
from social_crm.rules.promises import NEAR, Debt, Terms, Word, debt, fitting, is_thanks, paused, waits_since
from social_crm.rules.threads import PREVIEW, TRIES, retry_after, target_of, thread_of
from social_crm.rules.windows import Room, room

__all__ = [
    "NEAR",
    "PREVIEW",
    "TRIES",
    "Debt",
    "Hours",
    "Room",
    "Terms",
    "Word",
    "debt",
    "fitting",
    "is_thanks",
    "paused",
    "retry_after",
    "room",
    "target_of",
    "thread_of",
    "waits_since",
]

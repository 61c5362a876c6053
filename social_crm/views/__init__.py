"""The reply desk's pages: the queue, one conversation, what an agent does there, and how the desk is run."""

from social_crm.views.desk import agent, away, desk, drop_view, keep_view, label, promise, rules, team
from social_crm.views.events import events, replay
from social_crm.views.handling import bulk, deal, undo, unread
from social_crm.views.moderating import moderate
from social_crm.views.queue import inbox, lines, rows, viewers
from social_crm.views.rating import rate
from social_crm.views.replies import attachment, replies, reply_text
from social_crm.views.talking import answer, approve, draft, take_back

__all__ = [
    "agent",
    "answer",
    "approve",
    "attachment",
    "away",
    "bulk",
    "deal",
    "desk",
    "draft",
    "drop_view",
    "events",
    "inbox",
    "keep_view",
    "label",
    "lines",
    "moderate",
    "promise",
    "rate",
    "replay",
    "replies",
    "reply_text",
    "rows",
    "rules",
    "take_back",
    "team",
    "undo",
    "unread",
    "viewers",
]

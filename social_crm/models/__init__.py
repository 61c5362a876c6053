"""The reply desk's books: what came in, who said it, which conversation it belongs to, and what we answered."""

from social_crm.models.conversations import Conversation, ConversationQuerySet, Labelled, Tally
from social_crm.models.desk import Agent, Deed, DeskRules, Label, Promise, Rating, SavedReply, SavedView, Team, Teammate
from social_crm.models.events import InboundEvent
from social_crm.models.messages import Draft, Message, Note, Seen
from social_crm.models.people import Contact, Identity

__all__ = [
    "Agent",
    "Contact",
    "Conversation",
    "ConversationQuerySet",
    "Deed",
    "DeskRules",
    "Draft",
    "Identity",
    "InboundEvent",
    "Label",
    "Labelled",
    "Message",
    "Note",
    "Promise",
    "Rating",
    "SavedReply",
    "SavedView",
    "Seen",
    "Tally",
    "Team",
    "Teammate",
]

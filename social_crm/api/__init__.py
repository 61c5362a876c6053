"""The reply desk for programs: the same verbs, the same gate."""

from social_crm.api.conversations import AnswerCreate, ConversationDetail, ConversationList, DealCreate, NoteCreate

__all__ = ["AnswerCreate", "ConversationDetail", "ConversationList", "DealCreate", "NoteCreate"]

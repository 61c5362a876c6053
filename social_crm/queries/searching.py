"""Finding conversations by their words and their people: bounded, however much has been said."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.utils import OperationalError

from social_crm.models import Conversation
from social_crm.queries.choosing import PAGE, Choice, Page, Place, chosen, shown
from workspaces.models import Member

NEWEST = 10_000  # messages that are looked at one by one, where a common word is found at once
HITS = 400  # messages of a page at most; a conversation may have many
PEOPLE = 30
PATIENCE = 1500  # milliseconds for the older ones
LAST = 2**62
WORD = re.compile(r"\w+")
SHORTEST_BEGINNING = 3  # letters from which the last word may still be going on


def as_query(text: str) -> str:
    """What somebody typed, for the database: all words, the last one perhaps unfinished. "" when there is no word."""
    words = [word.lower() for word in WORD.findall(text)][:8]
    if not words:
        return ""
    last = f"'{words[-1]}':*" if len(words[-1]) >= SHORTEST_BEGINNING else f"'{words[-1]}'"
    return " & ".join([*(f"'{word}'" for word in words[:-1]), last])


def search(choice: Choice, *, member: Member, now: datetime) -> Page:
    """Conversations in which it was said, the newest word first; on the first page also those with such a person."""
    query = as_query(choice.search)
    if not query:
        return Page([])
    before = choice.after.pk if choice.after else LAST
    hits, complete = _messages(query, before)
    order = list(dict.fromkeys(conversation for _message, conversation in hits))
    if choice.after is None:
        order = list(dict.fromkeys([*_of_people(query), *order]))
    wanted, last = _cut(order, hits)
    rows = _narrowed(choice, member, now, wanted)
    return Page(shown(rows), Place(0, last) if last else None, only_newest=not complete)


def _cut(order: list[int], hits: list[tuple[int, int]]) -> tuple[list[int], int]:
    """The first page of conversations, and the message from which the next search goes on; 0 at the end."""
    wanted = order[:PAGE]
    kept = set(wanted)
    spilled = next((message for message, conversation in hits if conversation not in kept), 0)
    if spilled:
        return wanted, spilled + 1
    return wanted, hits[-1][0] if len(hits) >= HITS else 0


def _narrowed(choice: Choice, member: Member, now: datetime, pks: list[int]) -> list[Conversation]:
    """Search looks in every lane, unless a view or a filter was chosen."""
    rows = Conversation.objects.filter(pk__in=pks)
    if choice.view != "all" or choice.narrowed:
        rows = chosen(choice, member=member, now=now).filter(pk__in=pks)
    known = {row.pk: row for row in rows}
    return [known[pk] for pk in pks if pk in known]


def _messages(query: str, before: int) -> tuple[list[tuple[int, int]], bool]:
    """(message, conversation) by the newest first; False when the older ones would have taken too long."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)",
                [str(PATIENCE)],
            )
            usual = cursor.fetchone()[0]
            found = _hits(cursor, query, before, deep=True)
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [usual])
        return found, True
    except OperationalError as error:
        if not _took_too_long(error):
            raise
    with connection.cursor() as cursor:
        return _hits(cursor, query, before, deep=False), False


def _hits(cursor: CursorWrapper, query: str, before: int, *, deep: bool) -> list[tuple[int, int]]:
    asked: list[str | int] = [query, HITS, before, NEWEST, deep]
    cursor.execute("SELECT message_id, conversation_id FROM search_messages(%s, %s, %s, %s, %s)", asked)
    return [(message, conversation) for message, conversation in cursor.fetchall()]


def _took_too_long(error: DatabaseError) -> bool:
    return getattr(error.__cause__, "pgcode", "") == "57014"


def _of_people(query: str) -> list[int]:
    """The newest conversations of people who are called so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT contact_id FROM search_people(%s, %s)", [query, PEOPLE])
        people = [row[0] for row in cursor.fetchall()]
    if not people:
        return []
    rows = Conversation.objects.filter(contact_id__in=people).order_by("-last_activity", "-id")
    return list(rows.values_list("pk", flat=True)[:PAGE])

"""A desk with years of talk in it, made in minutes by the database itself: for measuring, never for a customer's house.

Everything happens in one transaction as the tables' owner: foreign keys and indexes are put aside, the rows are made
by `generate_series`, and then all of them come back and are checked.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

logger = logging.getLogger(__name__)
TABLES = ("social_crm_contact", "social_crm_identity", "social_crm_conversation", "social_crm_message")
WORDS = (
    "kak mau tanya pesanan saya kok belum sampai ya tolong dibantu botol pecah bocor kurir bilang sudah dikirim "
    "terima kasih enak banget kopi susu gula aren cold brew latte promo diskon kode voucher tidak bisa dipakai "
    "checkout aplikasi toko cabang buka jam berapa harga grosir reseller minimal order kirim ulang refund alamat "
    "salah warna rasa manis pahit bagus lambat cepat admin balas pesan hello please where is my order the bottle "
    "arrived broken thanks great coffee love it refund how much shipping late never again best ever"
)
SHARES = "CASE WHEN h < 60 THEN 'resolved' WHEN h < 72 THEN 'waiting' WHEN h < 96 THEN 'open' "
SHARES += "WHEN h < 99 THEN 'snoozed' ELSE 'spam' END"


@dataclass(frozen=True, slots=True)
class Size:
    """How much: conversations, messages in each, and words in the longest thread besides."""

    conversations: int
    each: int = 5
    longest: int = 1000


def fill(workspace_id: int, size: Size, *, accounts: list[int], members: list[int], teams: list[int]) -> None:
    """Make `size` in a workspace. Safe to call again: each call adds. Takes about five minutes for a million."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.workspace', %s, true)", [str(workspace_id)])
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        back = _put_aside(cursor)
        given: dict[str, Any] = {
            "ws": workspace_id,
            "n": size.conversations,
            "each": size.each,
            "longest": size.longest,
        }
        given |= {"accounts": accounts, "members": members, "words": WORDS.split()}
        given["teams"] = teams or [None]
        for table in TABLES:
            many = size.conversations * (size.each if table == TABLES[3] else 1) + size.longest
            given[table.removeprefix("social_crm_")] = _reserve(cursor, table, many)
        for name, statement in (
            ("people", PEOPLE),
            ("identities", IDENTITIES),
            ("conversations", CONVERSATIONS),
            ("messages", MESSAGES),
            ("the longest thread", LONGEST),
            ("how it ends", LONGEST_ENDS),
        ):
            cursor.execute(statement, given)
            logger.info("%s: %s rows", name, cursor.rowcount)
        for statement in back:
            cursor.execute(statement)
    with connections["owner"].cursor() as cursor:
        for table in (*TABLES, "social_crm_tally"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def _reserve(cursor: CursorWrapper, table: str, many: int) -> int:
    """The last number that is taken; the next `many` are ours."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    sequence = cursor.fetchone()[0]
    cursor.execute("SELECT nextval(%s)", [sequence])
    first = int(cursor.fetchone()[0])
    cursor.execute("SELECT setval(%s, %s)", [sequence, first + many])
    return first


def _put_aside(cursor: CursorWrapper) -> list[str]:
    """Drop foreign keys and plain indexes of the tables; the statements that bring them back."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND (conrelid = ANY(%s::regclass[]))",
        [list(TABLES)],
    )
    keys = cursor.fetchall()
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique",
        [list(TABLES[2:])],
    )
    indexes = cursor.fetchall()
    for table, name, _definition in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    made = [definition for _name, definition in indexes]
    return made + [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for table, name, definition in keys]


def counted(workspace_id: int) -> dict[str, Any]:  # Any: numbers by table
    """How many rows of each table the workspace has."""
    found = {}
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.workspace', %s, true)", [str(workspace_id)])
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
            found[table] = cursor.fetchone()[0]
    return found


# One contact has three conversations on average. Numbers of one kind follow from the others, so nothing is looked up.
PEOPLE = """
INSERT INTO social_crm_contact (id, workspace_id, name, note, created_at)
SELECT %(contact)s + i, %(ws)s, 'Pelanggan ' || (%(contact)s + i), '', now() FROM generate_series(1, %(n)s / 3 + 1) i
"""
IDENTITIES = """
INSERT INTO social_crm_identity (id, workspace_id, contact_id, network, uid, name, handle, avatar_url)
SELECT %(identity)s + i, %(ws)s, %(contact)s + i, a.network, 'u' || (%(identity)s + i),
    'Pelanggan ' || (%(contact)s + i), 'pelanggan' || (%(contact)s + i), ''
FROM generate_series(1, %(n)s / 3 + 1) i
JOIN networks_account a ON a.id = (%(accounts)s::bigint[])[1 + i %% array_length(%(accounts)s::bigint[], 1)]
"""
CONVERSATIONS = f"""
INSERT INTO social_crm_conversation (id, workspace_id, account_id, network, kind, object_id, post_id, contact_id,
    status, assignee_id, team_id, priority, version, preview, last_activity, unread, newest_message, customer_at,
    waiting_since, due_at, due_for, opened_at, resolved_at, snoozed_until, created_at)
SELECT %(conversation)s + i, %(ws)s, (%(accounts)s::bigint[])[1 + i %% array_length(%(accounts)s::bigint[], 1)], '',
    (ARRAY['comment', 'comment', 'comment', 'message', 'mention'])[1 + i %% 5], 'fill' || (%(conversation)s + i), '',
    %(contact)s + 1 + i %% (%(n)s / 3 + 1), status,
    CASE WHEN g < 70 THEN (%(members)s::bigint[])[1 + g %% array_length(%(members)s::bigint[], 1)] END,
    (%(teams)s::bigint[])[1 + i %% array_length(%(teams)s::bigint[], 1)],
    CASE WHEN g = 0 THEN 2 WHEN g < 4 THEN 1 ELSE 0 END, 1, 'Kak mau tanya pesanan ' || i, at,
    CASE WHEN status = 'open' THEN g %% 3 ELSE 0 END, %(message)s + i * %(each)s, at,
    CASE WHEN status = 'open' THEN at END, CASE WHEN status = 'open' THEN at + interval '1 hour' END,
    CASE WHEN status = 'open' THEN 'first' ELSE '' END, at, CASE WHEN status = 'resolved' THEN at END,
    CASE WHEN status = 'snoozed' THEN now() + (1 + g) * interval '1 hour' END, at
FROM (SELECT i, now() - (%(n)s - i) * interval '37 seconds' AS at, {SHARES} AS status, g
    FROM (SELECT i, abs(hashint4(i)) %% 100 AS h, abs(hashint4(i + 7919)) %% 100 AS g
        FROM generate_series(1, %(n)s) i) AS dice) AS made
"""  # noqa: S608 - our own words only
SAID = " || ' ' || ".join(
    f"(%(words)s::text[])[1 + abs(hashint4((m * {prime})::int)) %% array_length(%(words)s::text[], 1)]"
    for prime in (3, 5, 7, 11, 13, 17, 19)
)
COLUMNS = (
    "(id, workspace_id, account_id, conversation_id, direction, remote_id, parent_remote_id, author_id, text, url, "
)
COLUMNS += "network_at, ingested_at, hidden)"
MESSAGES = f"""
INSERT INTO social_crm_message {COLUMNS}
SELECT %(message)s + m, %(ws)s, (%(accounts)s::bigint[])[1 + i %% array_length(%(accounts)s::bigint[], 1)],
    %(conversation)s + i, CASE WHEN k %% 2 = 1 THEN 'in' ELSE 'out' END, 'fill' || (%(message)s + m), '',
    CASE WHEN k %% 2 = 1 THEN %(identity)s + 1 + i %% (%(n)s / 3 + 1) END,
    {SAID} || CASE WHEN m %% 50 = 0 THEN ' nomor TK' || m ELSE '' END, '',
    now() - (%(n)s - i) * interval '37 seconds' - (%(each)s - k) * interval '1 minute', now(), false
FROM (SELECT i, k, ((i - 1) * %(each)s + k)::bigint AS m
    FROM generate_series(1, %(n)s) i, generate_series(1, %(each)s) k) AS made
"""  # noqa: S608 - our own words only
LONGEST = f"""
INSERT INTO social_crm_message {COLUMNS}
SELECT %(message)s + m, %(ws)s, c.account_id, c.id, CASE WHEN k %% 2 = 1 THEN 'in' ELSE 'out' END,
    'long' || (%(message)s + m), '', CASE WHEN k %% 2 = 1 THEN %(identity)s + 1 END, {SAID}, '',
    now() - (%(longest)s - k) * interval '1 second', now(), false
FROM (SELECT k, (%(n)s * %(each)s + k)::bigint AS m FROM generate_series(1, %(longest)s) k) AS made
JOIN social_crm_conversation c ON c.id = %(conversation)s + 1
"""  # noqa: S608 - our own words only
LONGEST_ENDS = """
UPDATE social_crm_conversation SET newest_message = %(message)s + %(n)s * %(each)s + %(longest)s
WHERE id = %(conversation)s + 1
"""

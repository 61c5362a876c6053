"""Plain SQL as the app's own role gets nothing out: each statement is refused, and done once its wall is down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from compliance.actions import decide
from compliance.models import Case, Verdict
from networks.protocol import Content
from publishing.models import Publication
from tests.cast import Cast
from tests.compliance.test_no_way_past_customs import DECISIONS, DESK, GUARD, HIDDEN, VERDICTS, House, down
from workspaces.tenancy import entered


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with entered(cast.workspace.pk, user_id=cast.bob.user_id):
        yield House(cast)


CLAIM = (
    "UPDATE publishing_publication SET state = 'publishing', fence = fence + 1, lease_until = now() + interval '1 min'"
    " WHERE id = %(id)s"
)
FORGED = (
    "INSERT INTO compliance_decision (workspace_id, verdict_id, choice, reasons, reason, message, undo_seconds, by_id,"
    " by_name, decided_at, takes_effect_at) VALUES (%(workspace)s, %(verdict)s, 'approve', '[]', 'x', '', 0, {by},"
    " 'Omar', '2020-01-01', '2020-01-01')"
)
SQL = {
    "take it in hand": (CLAIM, GUARD),
    "under another text's verdict": (CLAIM.replace("SET", "SET verdict_id = %(passing)s,"), GUARD),
    "with other words in the same breath": (
        CLAIM.replace("SET", "SET verdict_id = %(passing)s, fingerprint = %(fingerprint)s,"),
        GUARD,
    ),
    "call it live": (
        "UPDATE publishing_publication SET state = 'published', remote_id = '1' WHERE id = %(id)s",
        GUARD,
    ),
    "approve it as a marketer": (FORGED.format(by="%(bob)s"), DESK),
    "approve it as nobody": (FORGED.format(by="NULL"), DESK),
    "approve one's own": (FORGED.format(by="%(alice)s"), DESK),
    "rewrite the verdict": ("UPDATE compliance_verdict SET outcome = 'allow' WHERE id = %(verdict)s", VERDICTS),
    "rewrite a decision": ("UPDATE compliance_decision SET choice = 'approve'", DECISIONS),
}


class TestPlainSql:
    """As the app's own role: refused, and done as soon as the wall is down."""

    @pytest.fixture(params=[False, True], ids=["walled", "open"])
    def opened(self, request: pytest.FixtureRequest, way: str, django_db_setup: None) -> Iterator[bool]:
        with down(SQL[way][1]) if request.param else nullcontext():
            yield request.param

    @pytest.mark.parametrize("way", SQL)
    def test_the_apps_role_cannot_do_it_in_sql(self, opened: bool, cast: Cast, way: str) -> None:
        with entered(cast.workspace.pk, user_id=cast.bob.user_id):
            house = House(cast)
            verdict, passing, publication = _stopped_by_sql(house)
            values = {
                "id": publication.pk,
                "workspace": house.workspace.pk,
                "verdict": verdict.pk,
                "passing": passing.pk,
                "fingerprint": passing.fingerprint,
                "bob": house.bob.pk,
                "alice": house.cast.alice.pk,
            }
            assert _done(SQL[way][0], values) is opened


def _done(statement: str, values: dict[str, object]) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount == 1
    except DatabaseError:
        return False


def _stopped_by_sql(house: House) -> tuple[Verdict, Verdict, Publication]:
    """A text of Alice's that an officer rejected, a passing verdict on another, and a publication of the first."""
    content, other = Content(text=HIDDEN, language="en"), Content(text="Plain words")
    common = {"context_digest": "c" * 64, "rules_version": "r" * 64, "network": "x"}
    verdict = Verdict.objects.create(fingerprint=content.fingerprint, outcome="review", **common)
    passing = Verdict.objects.create(fingerprint=other.fingerprint, outcome="allow", **common)
    case = Case.objects.create(
        verdict=verdict, key="k", title="t", content=content.as_json(), network="x", author=house.cast.alice
    )
    decide(case, choice="reject", reason="No", by=house.cast.omar)
    publication = Publication.objects.create(
        account=house.account,
        content=content.as_json(),
        fingerprint=content.fingerprint,
        verdict=verdict,
        due_at=timezone.now(),
    )
    return verdict, passing, publication


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE publishing_publication DISABLE TRIGGER guard_publication",
        "DROP TRIGGER guard_decision ON compliance_decision",
        "CREATE OR REPLACE FUNCTION verdict_passes(bigint, text, bigint, text) RETURNS boolean"
        " LANGUAGE sql AS 'SELECT true'",
        "ALTER TABLE compliance_decision DISABLE ROW LEVEL SECURITY",
        "TRUNCATE compliance_verdict CASCADE",
        "SET session_replication_role = replica",
        "DELETE FROM compliance_policy",
        "DELETE FROM compliance_decision",
    ],
)
def test_the_apps_role_cannot_take_a_wall_down(house: House, statement: str) -> None:
    _stopped_by_sql(house)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("gardu_app",)
        cursor.execute(statement)

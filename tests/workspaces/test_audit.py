"""The audit trail: appended, never changed, and every trick with it is found."""

from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError

from tests.cast import Cast
from workspaces.actions import record
from workspaces.models import AuditEntry, AuditHead
from workspaces.queries import broken_links
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


def write(cast: Cast, lines: int = 5) -> None:
    with entered(cast.workspace.pk):
        for n in range(lines):
            record(cast.workspace.pk, by=cast.alice, verb="did", thing=f"thing:{n}", n=n, note="naïve ☕")


def test_an_untouched_trail_verifies(cast: Cast) -> None:
    write(cast)
    assert broken_links(cast.workspace.pk) == []


@pytest.mark.parametrize("sql", ["UPDATE workspaces_auditentry SET verb = 'x'", "DELETE FROM workspaces_auditentry"])
def test_the_database_refuses_to_change_or_remove_a_line(cast: Cast, sql: str) -> None:
    write(cast)
    with (
        pytest.raises(DatabaseError, match=r"append-only|permission denied"),
        transaction.atomic(),
        entered(cast.workspace.pk),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def edit() -> None:
    AuditEntry.objects.filter(number=3).update(facts={"n": 99})


def remove() -> None:
    AuditEntry.objects.filter(number=3).delete()


def reorder() -> None:
    AuditEntry.objects.filter(number=3).update(number=90)
    AuditEntry.objects.filter(number=4).update(number=3)
    AuditEntry.objects.filter(number=90).update(number=4)


def cut_the_tail() -> None:
    AuditEntry.objects.filter(number__gt=4).delete()


def insert() -> None:
    last = AuditEntry.objects.order_by("-number").first()
    last.pk, last.number, last.verb = None, last.number + 1, "never happened"
    last.save(force_insert=True)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("tamper", [edit, remove, reorder, cut_the_tail, insert])
def test_whoever_gets_past_the_database_is_found(cast: Cast, tamper: Callable[[], None]) -> None:
    write(cast)
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("ALTER TABLE workspaces_auditentry DISABLE TRIGGER USER")
        cursor.execute("GRANT UPDATE, DELETE ON workspaces_auditentry TO gardu_app")
    owner.close()
    with entered(cast.workspace.pk):
        tamper()
    assert broken_links(cast.workspace.pk) != []


def test_a_rolled_back_verb_leaves_no_line_and_no_gap(cast: Cast) -> None:
    write(cast)
    with pytest.raises(ZeroDivisionError), entered(cast.workspace.pk):
        record(cast.workspace.pk, by=None, verb="tried", thing="thing:9")
        raise ZeroDivisionError
    write(cast, 1)
    assert broken_links(cast.workspace.pk) == []
    with entered(cast.workspace.pk):
        assert AuditHead.objects.get().number == AuditEntry.objects.count()

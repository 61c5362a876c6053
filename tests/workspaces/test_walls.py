"""Each wall between workspaces holds alone."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from networks.models import Account
from publishing.models import Publication
from tests.cast import Cast
from workspaces.models import Member
from workspaces.tenancy import NoWorkspaceEntered, entered

pytestmark = pytest.mark.django_db


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_a_query_outside_a_workspace_is_refused_not_answered(cast: Cast) -> None:
    with pytest.raises(NoWorkspaceEntered):
        Member.objects.count()


def test_the_scoped_manager_alone_keeps_another_workspaces_rows_out(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        Account.objects.create(network="n", uid="1", name="ours")
        assert str(Account.objects.all().query).count("workspace_id") >= 1
    with entered(cast.elsewhere.pk):
        assert list(Account.objects.values_list("name", flat=True)) == []


def test_the_database_alone_keeps_another_workspaces_rows_out(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        Account.objects.create(network="n", uid="1", name="ours")
        assert count("networks_account") == 1
    with entered(cast.elsewhere.pk):
        assert count("networks_account") == 0
    assert count("networks_account") == 0


def test_the_database_refuses_a_row_written_into_another_workspace(cast: Cast) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        entered(cast.workspace.pk),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO workspaces_datakey (workspace_id, generation, kek, sealed, created_at) "
            "VALUES (%s, 9, 'k', '', now())",
            [cast.elsewhere.pk],
        )


def test_a_row_cannot_point_into_another_workspace(cast: Cast) -> None:
    with entered(cast.elsewhere.pk):
        theirs = Account.objects.create(network="n", uid="2", name="theirs")
    with pytest.raises(IntegrityError, match="same_workspace"), transaction.atomic(), entered(cast.workspace.pk):
        Publication.objects.create(
            account_id=theirs.pk, content={}, fingerprint="f", due_at="2030-01-01T00:00Z", state="draft"
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_app_is_no_superuser_and_owns_no_table(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_the_outer_workspace_is_in_force_again_after_a_nested_one(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        with entered(cast.elsewhere.pk):
            assert count("workspaces_member") == 1
        assert count("workspaces_member") == 4
        with pytest.raises(ZeroDivisionError), entered(cast.elsewhere.pk):
            raise ZeroDivisionError
        assert count("workspaces_member") == 4

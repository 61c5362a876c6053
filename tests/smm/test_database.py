"""The tests' own ground: they work as the app does, behind the wall."""

import pytest
from django.db import connection, connections


@pytest.mark.django_db
def test_the_tests_work_in_the_apps_role_which_owns_nothing_and_bypasses_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("gardu_app", False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_owner_alias_is_another_login_on_the_same_database() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_database(), current_user <> 'gardu_app'")
        assert cursor.fetchone() == (connection.settings_dict["NAME"], True)


@pytest.mark.django_db
def test_the_app_cannot_rewrite_which_migrations_ran() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('django_migrations', 'SELECT'), "
            "has_table_privilege('django_migrations', 'INSERT')"
        )
        assert cursor.fetchone() == (True, False)

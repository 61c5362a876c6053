"""Every tenant's table stands behind the database's wall, not only behind ours."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey

from workspaces.tenancy import TenantModel

TENANTS = [model for model in apps.get_models() if issubclass(model, TenantModel)]
LINKS = [
    (model, field)
    for model in TENANTS
    for field in model._meta.get_fields()
    # Without `db_constraint` it is a number written down (who it was, in a record that outlives them), not a link.
    if isinstance(field, ForeignKey) and field.db_constraint and issubclass(field.related_model, TenantModel)
]

pytestmark = pytest.mark.django_db


def ask(sql: str, *parameters: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


@pytest.mark.parametrize("model", TENANTS, ids=lambda m: m._meta.label)
def test_a_tenants_table_forces_row_level_security(model: type[TenantModel]) -> None:
    table = model._meta.db_table
    secured = ask("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table)
    assert secured == [(True, True)]
    policies = ask("SELECT qual, with_check FROM pg_policies WHERE tablename = %s AND cmd = 'ALL'", table)
    assert any("app.workspace" in str(qual) and "app.workspace" in str(check) for qual, check in policies)


def test_every_table_that_says_whose_it_is_stands_behind_the_wall() -> None:
    open_tables = ask(
        """SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
           WHERE relkind IN ('r', 'p') AND attname = 'workspace_id' AND NOT attisdropped AND NOT relforcerowsecurity
             AND relnamespace = 'public'::regnamespace"""
    )
    assert open_tables == []


def test_no_view_leaks_what_its_owner_may_see() -> None:
    leaky = ask(
        """SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
           AND NOT coalesce(reloptions::text LIKE '%%security_invoker=true%%', false)"""
    )
    assert leaky == []


@pytest.mark.parametrize(("model", "field"), LINKS, ids=[f"{m._meta.label}.{f.name}" for m, f in LINKS])
def test_a_row_cannot_point_into_another_workspace(model: type[TenantModel], field: ForeignKey) -> None:
    composite = ask(
        """SELECT conname FROM pg_constraint
           WHERE contype = 'f' AND conrelid = %s::regclass AND confrelid = %s::regclass
             AND (SELECT array_agg(attname::text ORDER BY attname) FROM pg_attribute
                  WHERE attrelid = conrelid AND attnum = ANY (conkey))
               = (SELECT array_agg(name ORDER BY name) FROM unnest(ARRAY['workspace_id', %s]) AS name)""",
        model._meta.db_table,
        field.related_model._meta.db_table,
        field.column,
    )
    assert composite, f"{model._meta.label}.{field.name}: add it to walls(links=...) in its migration"


def test_the_apps_role_owns_nothing() -> None:
    assert ask("SELECT relname FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE rolname = 'gardu_app'") == []

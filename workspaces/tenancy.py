"""Two walls between workspaces: a scope no query can forget, and the database's own refusal.

Wall one: `TenantModel.objects` answers only inside `entered(workspace)`. Wall two: row-level security with FORCE,
read through the same setting, on tables the app's role does not own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self, TypeVar

from django.db import connection, models, transaction
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import RunSQL

APP_ROLE = "gardu_app"
SWEEP_ROLE = "gardu_sweep"

_entered: ContextVar[int | None] = ContextVar("workspace", default=None)
_notebook: ContextVar[dict[str, Any] | None] = ContextVar("what was read in this workspace", default=None)
_in_database: ContextVar[bool] = ContextVar("workspace is set in the database", default=False)

View = TypeVar("View", bound=Callable[..., Any])  # Any: whatever a Django view takes and gives
Row = TypeVar("Row", bound=models.Model)


class NoWorkspaceEntered(RuntimeError):
    """A tenant's rows were asked for outside `entered(workspace)`."""


def current_workspace_id() -> int:
    """The id of the workspace entered. Raises NoWorkspaceEntered."""
    workspace_id = _entered.get()
    if workspace_id is None:
        raise NoWorkspaceEntered("Enter a workspace first: `with entered(workspace_id):`")
    return workspace_id


def is_in_database() -> bool:
    """Whether PostgreSQL shows the workspace's rows just now: inside `entered`, and not only `named`."""
    return _in_database.get()


def notebook() -> dict[str, Any]:  # Any: whatever is worth reading once
    """What was read since the workspace was entered, for what many ask and nothing changes meanwhile; empty outside."""
    noted = _notebook.get()
    return noted if noted is not None else {}


@contextmanager
def entered(workspace_id: int, *, user_id: int | None = None) -> Iterator[None]:
    """One transaction inside a workspace: scoped managers see only its rows, and so does PostgreSQL.

    Nesting into the same workspace is a savepoint; the outer workspace is in force again afterwards.
    """
    same = _in_database.get() and _entered.get() == workspace_id
    noted = _notebook.set(_notebook.get() if same else {})
    token, in_database = _entered.set(workspace_id), _in_database.set(True)
    nested = connection.in_atomic_block
    try:
        with transaction.atomic():
            before = _enter_database(workspace_id, user_id)
            yield
            if nested:  # COMMIT undoes SET LOCAL, the release of a savepoint does not
                _restore_database(before)
    finally:
        _entered.reset(token)
        _in_database.reset(in_database)
        _notebook.reset(noted)


@contextmanager
def named(workspace_id: int) -> Iterator[None]:
    """Scope the managers without a transaction: for a view that talks to a network and enters for each write."""
    token = _entered.set(workspace_id)
    try:
        yield
    finally:
        _entered.reset(token)


def _enter_database(workspace_id: int, user_id: int | None) -> tuple[str, str]:
    """Set who and where for this transaction; what was set before. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT before.workspace, before.person, set_config('app.workspace', %s, true), "
            "set_config('app.user', coalesce(%s, before.person), true) "
            "FROM (SELECT coalesce(current_setting('app.workspace', true), '') AS workspace, "
            "coalesce(current_setting('app.user', true), '') AS person OFFSET 0) AS before",
            [str(workspace_id), None if user_id is None else str(user_id)],
        )
        before = cursor.fetchone()
    return before[0], before[1]


def _restore_database(before: tuple[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.workspace', %s, true), set_config('app.user', %s, true)", list(before))


def enters_by_itself(view: View) -> View:
    """Mark a view that must not hold a transaction open while it waits for a network."""
    view.enters_by_itself = True  # type: ignore[attr-defined]  # a mark on a function
    return view


class TenantQuerySet(models.QuerySet[Row]):
    """A queryset of one workspace's rows."""

    def in_workspace(self, workspace: models.Model) -> Self:
        """The rows of `workspace`; for reading out loud where the scope is already entered."""
        return self.filter(workspace=workspace)


class TenantManager(models.Manager[Row]):
    """Answers only inside an entered workspace, and only with its rows.

    A model with verbs of its own: `objects = TenantManager.from_queryset(PublicationQuerySet)()`.
    """

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().filter(workspace_id=current_workspace_id())


class TenantModel(models.Model):
    """A row that belongs to one workspace, and says so itself."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+")

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        abstract = True
        # Deleting and related look-ups go through the scoped manager as well.
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        if self.workspace_id is None:
            self.workspace_id = current_workspace_id()
        super().save(*args, **kwargs)


# --- what a migration adds ------------------------------------------------------------------------

HERE = "NULLIF(current_setting('app.workspace', true), '')::bigint"


def walls(table: str, *, links: Mapping[str, str] | None = None, also: str = "") -> list[Operation]:
    """Operations that wall a tenant table: forced row security, and foreign keys that cannot leave the workspace.

    `links` maps a foreign key column to the tenant table it points to. `also` widens the policy's USING (SQL) where
    a row must be found before its workspace is known.
    """
    using = f"workspace_id = {HERE}" + (f" OR ({also})" if also else "")
    statements = [
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_in_one_workspace UNIQUE (workspace_id, id)",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_workspace ON {table} USING ({using}) WITH CHECK (workspace_id = {HERE})",
    ]
    for column, target in (links or {}).items():
        statements.append(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_workspace FOREIGN KEY (workspace_id, {column}) "
            f"REFERENCES {target} (workspace_id, id) DEFERRABLE INITIALLY DEFERRED"
        )
    return [RunSQL(statement, RunSQL.noop) for statement in statements]


def sweep_function(signature: str, returns: str, body: str, *, reads: Mapping[str, str]) -> list[Operation]:
    """Operations for a function that looks across workspaces with the narrow eyes of the sweep role.

    `signature` like "due_publications(batch integer)"; `returns` the columns of its table; `body` one SQL query;
    `reads` maps a table to the comma-separated columns it may read. Only the app's role may call it.
    """
    name = signature.split("(", 1)[0]
    operations = [
        RunSQL(
            f"CREATE FUNCTION {signature} RETURNS TABLE ({returns}) LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = public, pg_temp AS $sweep$ {body} $sweep$",
            f"DROP FUNCTION {name}",
        )
    ]
    for table, columns in reads.items():
        operations.append(
            RunSQL(
                f"GRANT SELECT ({columns}) ON {table} TO {SWEEP_ROLE}; "
                f"DROP POLICY IF EXISTS sweep ON {table}; "
                f"CREATE POLICY sweep ON {table} FOR SELECT TO {SWEEP_ROLE} USING (true)",
                RunSQL.noop,
            )
        )
    operations.append(
        RunSQL(
            f"ALTER FUNCTION {name} OWNER TO {SWEEP_ROLE}; REVOKE ALL ON FUNCTION {name} FROM PUBLIC; "
            f"GRANT EXECUTE ON FUNCTION {name} TO {APP_ROLE}",
            RunSQL.noop,
        )
    )
    return list(operations)


def append_only(table: str) -> list[Operation]:
    """Operations after which the database refuses to change or remove a row of `table`, whoever asks."""
    return [
        RunSQL(
            f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{table} is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation'; "
            f"END $$; "
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only(); "
            f"REVOKE UPDATE, DELETE ON {table} FROM {APP_ROLE}",
            RunSQL.noop,
        )
    ]


ROLES = f"""
DO $$
DECLARE role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['{APP_ROLE}', '{SWEEP_ROLE}'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END LOOP;
    BEGIN
        EXECUTE 'GRANT {APP_ROLE}, {SWEEP_ROLE} TO CURRENT_USER';
    EXCEPTION WHEN insufficient_privilege OR unique_violation OR invalid_grant_operation THEN NULL;
    END;
END $$;
GRANT USAGE ON SCHEMA public TO {APP_ROLE}, {SWEEP_ROLE};
GRANT CREATE ON SCHEMA public TO {SWEEP_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE};
"""
"""The roles and their default grants: the first thing any migration does."""

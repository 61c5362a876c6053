"""/healthz says that the process lives; /readyz that it can work: database, broker, migrations."""

import functools
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse


class Health:
    """Answers before hosts, sessions and redirects are looked at: probes come by address, without TLS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"alive": True})
        if request.path == "/readyz":
            checks = readiness()
            return JsonResponse(checks, status=200 if all(value == "ok" for value in checks.values()) else 503)
        return self.get_response(request)


def readiness() -> dict[str, str]:
    """What the app needs, each "ok" or what is wrong with it, without addresses or passwords."""
    return {"database": _database(), "migrations": _migrations(), "broker": _broker()}


def pending_migrations() -> list[str]:
    """Names of the migrations that the database has not seen. Raises DatabaseError; about 0.1 s."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return "ok"


def _migrations() -> str:
    try:
        return _migrated()
    except DatabaseError as error:
        return type(error).__name__
    except NotMigrated as error:
        return str(error)


class NotMigrated(RuntimeError):
    """Migrations are waiting; the message counts them."""


@functools.cache  # what has been migrated stays migrated while this code runs; an exception is not kept
def _migrated() -> str:
    if waiting := pending_migrations():
        raise NotMigrated(f"{len(waiting)} waiting")
    return "ok"


def _broker() -> str:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        client.ping()
    except redis.RedisError as error:
        return type(error).__name__
    finally:
        client.close()
    return "ok"

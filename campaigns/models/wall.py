"""Time as the clock on the wall shows it: no zone, no shift, whatever zone the page or the database speaks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class WallTimeField(models.DateTimeField[Any, Any]):  # Any: a datetime or None, as null says
    """A naive datetime, kept as `timestamp without time zone`."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "timestamp"

    def get_prep_value(self, value: Any) -> datetime | None:  # Any: what a query or an attribute holds
        wall: datetime | None = self.to_python(value)
        return wall

    def to_python(self, value: Any) -> datetime | None:  # Any: what a fixture or an attribute holds
        if value is None or isinstance(value, datetime):
            return value.replace(tzinfo=None) if value else None
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)

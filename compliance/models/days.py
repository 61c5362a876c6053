"""Rows that hold from one day until another."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models

from workspaces.tenancy import Row, TenantModel, TenantQuerySet


class InForce(TenantQuerySet[Row]):
    """Rows that hold from one day until another."""

    def on(self, day: date) -> Self:
        """Those in force on `day`; an open end never ends."""
        return self.filter(starts_on__lte=day).exclude(ends_on__lt=day)


class HasDays(TenantModel):
    """A row with a first and perhaps a last day."""

    class Meta(TenantModel.Meta):
        abstract = True

    starts_on: models.DateField[date, date]
    ends_on: models.DateField[date | None, date | None]

    def in_force(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

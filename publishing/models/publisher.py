"""Whether this installation publishes at all: its one publisher, and who turned it off or on."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Publisher(models.Model):
    """The installation's one publisher. `mark` grows every second and is also written outside the database.

    A database whose mark is behind the witness was rewound by a restore; one at another `place` is a copy. Such a
    publisher goes off by itself: what it calls unsent may long be live.
    """

    class Why(models.TextChoices):
        """What turned it off."""

        REWOUND = "rewound", _("The database was restored from an older backup.")
        MOVED = "moved", _("This database is a copy, or was moved to another server.")
        UNWITNESSED = "unwitnessed", _("The witness outside the database is missing.")
        PERSON = "person", _("An operator turned it off.")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.UUIDField(default=uuid.uuid4)
    place = models.CharField(max_length=60)  # the server's own identifier and the database's
    mark = models.PositiveBigIntegerField(default=0)
    marked_at = models.DateTimeField()
    on = models.BooleanField(default=True)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True)
    off_since = models.DateTimeField(null=True, blank=True)
    # What was made before this moment may have been sent by a database that is gone: look before it is sent.
    doubted_before = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="there_is_one_publisher"),
            models.CheckConstraint(
                condition=Q(on=True) | Q(off_since__isnull=False), name="a_publisher_is_off_since_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"publisher {self.name} ({'on' if self.on else self.why})"


class PublisherTurn(models.Model):
    """One time that the publisher was turned off or on: by whom, and why. Appended, never edited."""

    on = models.BooleanField()
    why = models.CharField(max_length=12, choices=Publisher.Why.choices, blank=True)
    by = models.CharField(max_length=160, blank=True)  # empty: by itself
    reason = models.CharField(max_length=500, blank=True)
    mark = models.PositiveBigIntegerField()
    marked_at = models.DateTimeField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{'on' if self.on else 'off'} at {self.at}"

"""The Celery application: wake-ups only; PostgreSQL rows are the queue of record."""

import logging.config
import os
from typing import Any

from celery import Celery, signals
from django import db
from django.conf import settings

from smm.logs import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smm.settings")

app = Celery("gardu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def _log_like_the_house(**_: Any) -> None:  # Any: what Celery sends along
    logging.config.dictConfig(settings.LOGGING)


@signals.task_prerun.connect
def _begin(task_id: str, **_: Any) -> None:  # Any: what Celery sends along
    """Log lines carry the task's id, and a connection that the server closed meanwhile is not used again."""
    request_id.set(task_id[:8])
    db.close_old_connections()

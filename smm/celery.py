"""The Celery application: wake-ups only; PostgreSQL rows are the queue of record."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smm.settings")

app = Celery("gardu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

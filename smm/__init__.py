"""The front door: settings, addresses, the clock and the `up` runner."""

from smm.celery import app as celery_app

__all__ = ["celery_app"]

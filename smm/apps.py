"""Loading the front door loads the Celery application, so that every task finds it."""

from django.apps import AppConfig

from smm import celery

__all__ = ["SmmConfig", "celery"]


class SmmConfig(AppConfig):
    name = "smm"

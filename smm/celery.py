"""The Celery application: wake-ups only; PostgreSQL rows are the queue of record."""

import logging
import logging.config
import os
import time
from typing import Any

from celery import Celery, signals
from celery.contrib.django.task import DjangoTask
from django import db
from django.conf import settings
from kombu.exceptions import OperationalError as BrokerAway

from smm.logs import request_id

logger = logging.getLogger(__name__)
BROKER_PAUSE = 5.0  # seconds without another try after the broker did not answer
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smm.settings")


class WakeUp(DjangoTask):  # type: ignore[type-arg]  # generic in its stubs only
    """A task whose wake-up may get lost: what was committed stays done, and the sweeps find what waits."""

    broker_away_until = 0.0

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as Celery does; Any: its own
        db.transaction.on_commit(lambda: self._wake(args, kwargs))

    def _wake(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if time.monotonic() < WakeUp.broker_away_until:
            return  # whoever commits must not wait each time for a broker that does not answer
        try:
            self.apply_async(args, kwargs, retry=False)
        except (BrokerAway, OSError) as error:
            WakeUp.broker_away_until = time.monotonic() + BROKER_PAUSE
            logger.warning("no broker for %s (%s): the sweep finds it", self.name, type(error).__name__)


app = Celery("gardu", task_cls=WakeUp)
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

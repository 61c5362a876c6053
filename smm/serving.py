"""How gunicorn serves the app: threads, the house's log, and no line for what browsers ask every second.

gunicorn -c python:smm.serving smm.wsgi
"""

import os
from collections.abc import MutableMapping
from typing import Any

from gunicorn.glogging import Logger

from smm import logs

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
preload_app = True
timeout = 60
graceful_timeout = int(os.environ.get("WEB_GRACE", "20"))  # seconds for requests under way when it is stopped
keepalive = 15
control_socket_disable = True
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(b)s B %(M)s ms %({x-request-id}o)s"  # the path without its query
logconfig_dict = logs.config(
    machine_readable=os.environ.get("ENVIRONMENT") == "production", level=os.environ.get("LOG_LEVEL", "INFO")
)

QUIET = ("/live/", "/static/", "/healthz", "/readyz")


class AccessLog(Logger):
    """gunicorn's own, without what pages and probes ask all the time, and without who clicked a short link."""

    def access(self, resp: Any, req: Any, environ: MutableMapping[str, Any], request_time: Any) -> None:  # Any: its own
        if not environ.get("PATH_INFO", "").startswith(QUIET) and "gardu.quiet" not in environ:
            super().access(resp, req, environ, request_time)


logger_class = AccessLog

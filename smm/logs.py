"""The house's log: plain lines for people, JSON for machines, the request's id on each, and never a secret."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="-")

HIDDEN = "[hidden]"
# A name that says its value is secret, then a separator as in headers, JSON, reprs and addresses, then the value.
_NAMED = re.compile(
    r"""(?ix)
    (?P<name> ["']? \b
        (?: authorization | proxy-authorization | cookie | set-cookie | x-api-key | csrfmiddlewaretoken
          | [\w-]* (?: token | secret | password | passwd | api_?key | appsecret_proof | code_verifier | private_key )
          | oauth_(?:signature|nonce|consumer_key) )
    \b ["']? \s* (?: [:=] | =>? ) \s* )
    (?P<value> (?: ["'] )? (?: (?:bearer|basic|oauth) \s+ )? [^\s"',;&}\])]+ (?:["'])? )
    """
)
_SCHEMES = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")
_CONSENT = re.compile(r"(?i)([?&](?:code|state)=)[^&\s\"']+")
_LOGINS = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^:/\s@]*):[^@/\s]+@")
_LONG_HEADERS = re.compile(r"(?i)(authorization|cookie)(['\"]?\s*[:=]\s*['\"]?)[^\r\n'\"]+")


def redact(text: str) -> str:
    """`text` without tokens, passwords, cookies, consent codes and the passwords inside addresses."""
    text = _LONG_HEADERS.sub(rf"\1\2{HIDDEN}", text)
    text = _NAMED.sub(rf"\g<name>{HIDDEN}", text)
    text = _SCHEMES.sub(rf"\1 {HIDDEN}", text)
    text = _CONSENT.sub(rf"\1{HIDDEN}", text)
    return _LOGINS.sub(rf"\1:{HIDDEN}@", text)


class PlainFormatter(logging.Formatter):
    """`12:00:01 INFO publishing.pipeline [3fa1c2] what happened`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s", datefmt="%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        return redact(super().format(record))  # the whole line: arguments and tracebacks too


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at (ISO, UTC), level, logger, request, message, and error with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.get(),
            "message": redact(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


# At DEBUG these print what they send, tokens included; Celery tells of every tick of the clock.
TALKATIVE = (
    "celery.app.trace",
    "celery.beat",
    "celery.worker.strategy",
    "tweepy",
    "requests",
    "requests_oauthlib",
    "oauthlib",
    "urllib3",
    "httplib2",
    "googleapiclient",
    "google",
)


def config(*, machine_readable: bool, level: str) -> dict[str, Any]:  # Any: what logging.config.dictConfig takes
    """Logging for every process of the house, to standard error."""
    form = JsonFormatter if machine_readable else PlainFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"house": {"()": f"{__name__}.{form.__name__}"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "house"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {name: {"level": "WARNING"} for name in TALKATIVE}
        | {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django.db.backends": {"level": "INFO"},  # its DEBUG lines carry people's words
            "gunicorn.access": {"handlers": [], "propagate": True},
            "gunicorn.error": {"handlers": [], "propagate": True},
        },
    }

"""Settings come from the environment only; production refuses to start with an unsafe default."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

ENVIRONMENT = env.str("ENVIRONMENT", "development")  # development | test | production
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "unsafe-development-key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
PUBLIC_URL = env.str("PUBLIC_URL", "http://127.0.0.1:8000")
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".data")))

INSTALLED_APPS = [
    "smm",
    "workspaces",
    "networks",
    "compliance",
    "publishing",
    "campaigns",
    "social_crm",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "django_vite",
    "django_cotton",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "workspaces.middleware.WorkspaceMiddleware",
]

ROOT_URLCONF = "smm.urls"
WSGI_APPLICATION = "smm.wsgi.application"
AUTH_USER_MODEL = "workspaces.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # A network's preview partial and icon live in its own folder.
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "networks" / "adapters"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
COTTON_DIR = "components"


def database(url: str, *, step_down: bool) -> dict[str, object]:
    """One connection's settings. `step_down`: the login is the owner's, so take the app's role at once."""
    config: dict[str, object] = environ.Env.db_url_config(url)
    config |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    if step_down:
        config["OPTIONS"] = {"options": "-c role=gardu_app"}
    return config


# Two logins: the owner migrates; the app owns no table, is no superuser, and lives behind row-level security.
DATABASE_URL = env.str("DATABASE_URL", "postgres://gardu@127.0.0.1:1/gardu")
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", DATABASE_URL)
DATABASES = {
    "default": database(DATABASE_URL, step_down=DATABASE_OWNER_URL == DATABASE_URL),
    "owner": database(DATABASE_OWNER_URL, step_down=False),
}

REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:1/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TIMEZONE = "UTC"
CELERY_DB_REUSE_MAX = 10**9  # without it Celery opens a new PostgreSQL session for every task
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ROUTES = {
    "publishing.*": {"queue": "publish"},
    "social_crm.*": {"queue": "inbox"},
    "campaigns.*": {"queue": "media"},
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [("dist", BASE_DIR / "static" / "dist")]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(DATA_DIR / "media")))
MEDIA_URL = "/media/"

# Credentials are sealed under a key-encryption key: "id:base64,id:base64", the first seals, all open.
VAULT_KEYS = env.str("VAULT_KEYS", "")
# Where the networks are: empty means the real ones; `make up` points every network at the sandbox.
SANDBOX_URL = env.str("SANDBOX_URL", "")
NETWORKS_CONNECT_SECONDS = env.float("NETWORKS_CONNECT_SECONDS", 3.05)
NETWORKS_READ_SECONDS = env.float("NETWORKS_READ_SECONDS", 20.0)


def registrations(environment: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Gardu's own apps at the networks, by slug: NETWORK_<SLUG>_CLIENT_ID, _CLIENT_SECRET, _VERIFY_TOKEN, _<EXTRA>."""
    found: dict[str, dict[str, str]] = {}
    for name, value in environment.items():
        if match := re.fullmatch(r"NETWORK_([A-Z0-9]+)_([A-Z0-9_]+)", name):
            found.setdefault(match[1].lower(), {})[match[2].lower()] = value
    return found


NETWORKS = registrations(os.environ)

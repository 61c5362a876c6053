"""Settings come from the environment only; production refuses to start with an unsafe default."""

import importlib.util
import os
from pathlib import Path

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured

from smm import logs, safety

django_stubs_ext.monkeypatch()  # so that generic Django classes may be written as `ModelForm[Workspace]`

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

ENVIRONMENT = env.str("ENVIRONMENT", "development")  # development | test | production
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", safety.UNSAFE_SECRET_KEY)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
PUBLIC_URL = env.str("PUBLIC_URL", "http://127.0.0.1:8000")
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".data")))

INSTALLED_APPS = [
    "smm",
    "workspaces",
    "networks",
    "compliance",
    "smo",
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

if importlib.util.find_spec("django_migration_linter"):  # a developer's package
    INSTALLED_APPS.append("django_migration_linter")

MIDDLEWARE = [
    "smm.middleware.RequestId",
    "smm.health.Health",
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
    "workspaces.middleware.ApiKeyMiddleware",
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
                "smm.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "smm.templatetags.ui"],
        },
    }
]
COTTON_DIR = "components"
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees its own attributes, never the page's variables


def database(url: str, *, step_down: bool) -> dict[str, object]:
    """One connection's settings. `step_down`: the login is the owner's, so take the app's role at once."""
    config: dict[str, object] = environ.Env.db_url_config(url)
    config |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    options = {"connect_timeout": "5"}  # seconds: a database that is away must not hold everybody up
    config["OPTIONS"] = options | ({"options": "-c role=gardu_app"} if step_down else {})
    return config


# Two logins: the owner migrates; the app owns no table, is no superuser, and lives behind row-level security.
DATABASE_URL = env.str("DATABASE_URL", safety.NO_DATABASE)
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", DATABASE_URL)
DATABASES = {
    "default": database(DATABASE_URL, step_down=DATABASE_OWNER_URL == DATABASE_URL),
    "owner": database(DATABASE_OWNER_URL, step_down=False),
}

REDIS_URL = env.str("REDIS_URL", safety.NO_REDIS)
# Nobody waits for Redis: what it carries may be lost, and one that is frozen must not hold up a page or a post.
REDIS_PATIENCE = {"socket_timeout": 1, "socket_connect_timeout": 1}  # seconds
CACHES = {"default": {"BACKEND": "smm.caching.Forgetful", "LOCATION": REDIS_URL, "OPTIONS": REDIS_PATIENCE}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# Redis carries wake-ups; PostgreSQL's rows are the queue of record.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A wake-up is tried once: without max_retries kombu tries for six seconds inside the request that wanted to send it.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "max_retries": 0, **REDIS_PATIENCE, "socket_timeout": 3}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TIMEZONE = "UTC"
CELERY_DB_REUSE_MAX = 10**9  # without it Celery opens a new PostgreSQL session for every task
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ROUTES = {
    "publishing.*": {"queue": "publish"},
    "social_crm.*": {"queue": "inbox"},
    "campaigns.*": {"queue": "media"},
    "insights.*": {"queue": "insights"},
    "watch.*": {"queue": "watch"},  # feeds may be slow: nothing else waits behind them
}
# Names of tasks and how often, in seconds: intervals only, so that a clock change moves nothing.
POLL_SECONDS = env.int("POLL_SECONDS", 60)  # how often networks are asked for what they never push
WATCH_SECONDS = env.int("WATCH_SECONDS", 60)  # how often sources are looked at whose turn it is
WEBHOOK_MAX_BYTES = 2 * 1024 * 1024
# The hub (WebSub) that is told when a workspace's own feed changes, as "https://hub.example/". Empty: nobody is told.
WEBSUB_HUB = env.str("WEBSUB_HUB", "")
# Whether hubs of watched feeds are asked to tell us of changes: they must be able to call us back.
WEBSUB_SUBSCRIBE = env.bool("WEBSUB_SUBSCRIBE", PUBLIC_URL.startswith("https://"))
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "networks.tend": {"task": "networks.tend", "schedule": 60, "options": {"expires": 60}},
    "workspaces.tell": {"task": "workspaces.tell", "schedule": 3, "options": {"expires": 3}},
    "compliance.tend": {"task": "compliance.tend", "schedule": 5, "options": {"expires": 5}},
    "watch.tell_hub": {"task": "watch.tell_hub", "schedule": 15, "options": {"expires": 15}},
    "watch.sweep_feeds": {"task": "watch.sweep_feeds", "schedule": WATCH_SECONDS, "options": {"expires": 60}},
    "watch.sweep": {"task": "watch.sweep", "schedule": WATCH_SECONDS, "options": {"expires": 60}},
    "watch.check_pages": {"task": "watch.check_pages", "schedule": 60, "options": {"expires": 60}},
    "publishing.with_officers": {
        "task": "publishing.with_officers",
        "schedule": 5,
        "options": {"expires": 5, "queue": "media"},  # not where posts wait to be sent
    },
    "compliance.tend_evidence": {"task": "compliance.tend_evidence", "schedule": 20, "options": {"expires": 20}},
    "compliance.tend_records": {"task": "compliance.tend_records", "schedule": 3600, "options": {"expires": 3600}},
    "publishing.try_policies": {
        "task": "publishing.try_policies",
        "schedule": 3,
        "options": {"expires": 3, "queue": "media"},
    },
    "social_crm.sweep": {"task": "social_crm.sweep", "schedule": 5, "options": {"expires": 5}},
    "campaigns.place_reviewed": {"task": "campaigns.place_reviewed", "schedule": 10, "options": {"expires": 10}},
    "smo.take_clicks": {"task": "smo.take_clicks", "schedule": 2, "options": {"expires": 2}},
    "smo.forget": {"task": "smo.forget", "schedule": 600, "options": {"expires": 600}},
    "watch.check_targets": {"task": "watch.check_targets", "schedule": 300, "options": {"expires": 300}},
    "insights.measure_all": {"task": "insights.measure_all", "schedule": 900, "options": {"expires": 600}},
    "insights.audit_due": {"task": "insights.audit_due", "schedule": 60, "options": {"expires": 60}},
    "campaigns.fan_out": {"task": "campaigns.fan_out", "schedule": 15, "options": {"expires": 15}},
    "campaigns.make_ahead": {"task": "campaigns.make_ahead", "schedule": 30, "options": {"expires": 30}},
    "campaigns.from_feeds": {"task": "campaigns.from_feeds", "schedule": 20, "options": {"expires": 20}},
    "campaigns.rezone": {"task": "campaigns.rezone", "schedule": 900, "options": {"expires": 900}},
    "social_crm.tend": {"task": "social_crm.tend", "schedule": 5, "options": {"expires": 5}},
    "social_crm.poll_all": {"task": "social_crm.poll_all", "schedule": POLL_SECONDS, "options": {"expires": 60}},
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["smm.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STATICFILES_DIRS = [("dist", BASE_DIR / "static" / "dist")]
# Outside production the build is served from where it was built, without a collecting step.
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
VITE_MANIFEST = BASE_DIR / "static" / "dist" / "manifest.json"
DJANGO_VITE = {
    "default": {
        # Without a build the pages ask Vite's own development server for their styles and behaviour.
        "dev_mode": not PRODUCTION and not VITE_MANIFEST.exists(),
        "static_url_prefix": "dist",
        "manifest_path": VITE_MANIFEST,
    }
}
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(DATA_DIR / "media")))
MEDIA_URL = "/media/"
MEDIA_IMAGE_BYTES = env.int("MEDIA_IMAGE_BYTES", 30 * 2**20)
MEDIA_VIDEO_BYTES = env.int("MEDIA_VIDEO_BYTES", 1024 * 2**20)
# Hosts that a plan's media may come from although they are not on the public internet.
MEDIA_PRIVATE_HOSTS = env.list("MEDIA_PRIVATE_HOSTS", default=[])
# Hosts that a workspace's webhook may be on although they are not on the public internet.
HOOK_PRIVATE_HOSTS = env.list("HOOK_PRIVATE_HOSTS", default=[])
# Where each web process writes down the clicks on short links until they are counted: a folder that the workers see.
CLICK_SPOOL = env.str("CLICK_SPOOL", str(DATA_DIR / "clicks"))
# Who is asked whether a domain is a workspace's own, as "address:port"; empty: the system's name servers.
DNS_SERVERS = env.list("DNS_SERVERS", default=[])
# Hosts that a tracked link may lead to although they are not on the public internet.
LINK_PRIVATE_HOSTS = env.list("LINK_PRIVATE_HOSTS", default=[])
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "campaigns.forms.Ceiling",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Where the ends of the chains of evidence are written down outside the database: best on a disk of its own.
EVIDENCE_ANCHORS = env.str("EVIDENCE_ANCHORS", str(DATA_DIR / "anchors" / "evidence.jsonl"))
DOCUMENT_BYTES = env.int("DOCUMENT_BYTES", 25 * 2**20)  # the largest contract or study that is taken

# Credentials are sealed under a key-encryption key: "id:base64,id:base64", the first seals, all open.
VAULT_KEYS = env.str("VAULT_KEYS", "")
# How long an officer's decision may be undone before it takes effect.
COMPLIANCE_UNDO_SECONDS = env.int("COMPLIANCE_UNDO_SECONDS", 10)
# Where the networks are: empty means the real ones; `make up` points every network at the sandbox.
SANDBOX_URL = env.str("SANDBOX_URL", "")
# Hosts of people's own sites that may be private all the same: for development and tests; production refuses it.
SITES_PRIVATE_HOSTS = env.list("SITES_PRIVATE_HOSTS", default=[])
NETWORKS_CONNECT_SECONDS = env.float("NETWORKS_CONNECT_SECONDS", 3.05)
NETWORKS_READ_SECONDS = env.float("NETWORKS_READ_SECONDS", 20.0)
# The waits that keep a post from going out twice, in seconds (publishing.rules.Terms says what each one is for).
PUBLISHING: dict[str, float] = {
    "request": NETWORKS_CONNECT_SECONDS + NETWORKS_READ_SECONDS,
    "lease": env.float("PUBLISH_LEASE_SECONDS", NETWORKS_CONNECT_SECONDS + NETWORKS_READ_SECONDS + 4),
    "settle": env.float("PUBLISH_SETTLE_SECONDS", 60.0),
    "look": env.float("PUBLISH_LOOK_SECONDS", 5.0),
    "backoff": env.float("PUBLISH_BACKOFF_SECONDS", 5.0),
    "lags": env.float("PUBLISH_LISTING_LAGS", 1.0),
}
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # who shows it may read /metrics; empty: nobody
AUDIT_DAYS = env.int("AUDIT_DAYS", 30)  # how far back the networks are held against our books
PUBLISH_THREADS = env.int("PUBLISH_THREADS", 96)  # sends under way at once in one process
# Plain posts from an event loop instead of the SDKs and a thread each: for a house with hundreds of posts a second.
PUBLISH_ASYNC = env.bool("PUBLISH_ASYNC", False)
PUBLISH_ASYNC_HANDS = env.int("PUBLISH_ASYNC_HANDS", 600)  # sends under way at once in one process, with that
# How many sends at once, and how many a second after that: by one account, and by all accounts of one network.
PUBLISH_ACCOUNT_BUDGET = env.list("PUBLISH_ACCOUNT_BUDGET", cast=float, default=[20.0, 1.0])
PUBLISH_APP_BUDGET = env.list("PUBLISH_APP_BUDGET", cast=float, default=[200.0, 100.0])
# Where the publisher writes down how far its database has come, so that a restored one is noticed: on a disk that no
# restore of the database brings back, the same for every process that publishes. Empty: not watched.
PUBLISHER_WITNESS = env.str("PUBLISHER_WITNESS", str(DATA_DIR / "publisher"))
PUBLISH_HINT_SECONDS = env.float("PUBLISH_HINT_SECONDS", 10.0)
# Gardu's own registration at each network: NETWORK_<SLUG>_CLIENT_ID, _CLIENT_SECRET, _VERIFY_TOKEN and what else
# its adapter asks for, as NETWORKS[slug]["client_id"].
NETWORKS: dict[str, dict[str, str]] = {}
for name, value in os.environ.items():
    if name.startswith("NETWORK_") and name.count("_") >= 2:
        slug, field = name.removeprefix("NETWORK_").lower().split("_", 1)
        NETWORKS.setdefault(slug, {})[field] = value

# --- people -----------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if PRODUCTION else "optional"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
# While developing, mails are files: the console is for what happens. A server of its own needs EMAIL_URL.
MAILS = "consolemail://" if PRODUCTION else f"filemail:///{DATA_DIR.resolve() / 'mail'}"
EMAIL_CONFIG = env.email_url("EMAIL_URL", default=MAILS)
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Gardu <gardu@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- the API ----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "PAGE_SIZE": 50,
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", "600/min")},
}
SPECTACULAR_SETTINGS = {"TITLE": "Gardu", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False}

# --- the browser's side of safety -------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        # Chromium holds a form's redirects to this too: the pages that send people to a network's consent add it.
        "form-action": ["'self'", *safety.origins(SANDBOX_URL)],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # a network's consent page sends people back by a link
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", PRODUCTION)
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
TRUST_PROXY = env.bool("TRUST_PROXY", False)  # only behind a proxy that sets X-Forwarded-For and -Proto itself
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = logs.config(machine_readable=PRODUCTION, level=env.str("LOG_LEVEL", "INFO"))

if PRODUCTION and (reasons := safety.reasons_not_to_start(globals())):
    raise ImproperlyConfigured("Refusing to start in production:\n" + "\n".join(f"- {reason}" for reason in reasons))

"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smm.settings")
application = get_wsgi_application()
# Read every address and view now, before the workers are forked, so that nobody's first click waits for it.
_addresses = get_resolver().url_patterns

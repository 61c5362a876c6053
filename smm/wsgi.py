"""The WSGI entry point that gunicorn serves: short links first, then the app."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smm.settings")
house = get_wsgi_application()
application = import_string("smo.middleware.ShortLinks")(house)  # it knows models: only once the apps are loaded
# Read every address and view now, before the workers are forked, so that nobody's first click waits for it.
_addresses = get_resolver().url_patterns

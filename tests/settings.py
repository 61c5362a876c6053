"""The app's own settings over servers for tests: the ones named in the environment, else embedded ones.

The first process of a test run starts them; its parallel workers find the addresses in their environment.
"""

import os
from pathlib import Path

from smm.embedded import environment

os.environ["ENVIRONMENT"] = "test"
environment.complete(Path(__file__).parent.parent / ".data" / "test", durable=False)

from smm.settings import *  # noqa: E402, F403
from smm.settings import CACHES, DATA_DIR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests sign in often
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

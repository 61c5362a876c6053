"""The app's own settings over servers for tests: the ones named in the environment, else embedded ones.

The first process of a test run starts them; its parallel workers find the addresses in their environment.
"""

import os
from pathlib import Path

from smm.embedded import environment

os.environ["ENVIRONMENT"] = "test"
private = Path(__file__).parent.parent / ".data"
private.mkdir(mode=0o700, exist_ok=True)
environment.complete(private / "test", durable=False, dotenv=False)
worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if worker and environment.owns_redis():  # our own server has room: each worker gets a database of it
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/{int(worker.removeprefix('gw')) + 1}"

from smm.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests sign in often
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
VAULT_KEYS = "test:" + "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q="
COMPLIANCE_UNDO_SECONDS = 0  # a decision is in effect at once; the tests of undoing it set their own
PUBLISHER_WITNESS = ""  # databases come and go here; the tests of restoring one set their own

"""Settings under test: the product's own, on a data folder of their own that is thrown away."""

import atexit
import os
import shutil
import tempfile

# Set by the first process and inherited by the parallel ones, so that all share one set of secrets.
if "CHENYUE_TEST_HOME" not in os.environ:
    os.environ["CHENYUE_TEST_HOME"] = tempfile.mkdtemp(prefix="chenyue-test-")
    atexit.register(shutil.rmtree, os.environ["CHENYUE_TEST_HOME"], ignore_errors=True)
os.environ["CHENYUE_HOME"] = os.environ["CHENYUE_TEST_HOME"]
os.environ.pop("CHENYUE_DEMO", None)

from chenyue.config.settings import *  # noqa: F403
from chenyue.config.settings import DATABASES, HOME, Q_CLUSTER, STORAGES

# Jobs run where they are asked for, after commit; mail lands in a list; static names are not hashed.
Q_CLUSTER = Q_CLUSTER | {"sync": True}
PASSWORD_HASHERS = ["hashing.QuickArgon2"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
LOGGING = {"level": os.environ.get("CHENYUE_LOG_LEVEL", "CRITICAL")}
# A file, as in an office: in memory, threads don't stand in line but fail.
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": HOME / "test.sqlite3"}

"""The site's own settings, on one's own machine, with what makes tests quick."""

import atexit
import os
import shutil
import tempfile

if "MEMSITE_DATA_DIR" not in os.environ:
    # Workers of one run inherit the variable, and with it the folder.
    os.environ["MEMSITE_DATA_DIR"] = tempfile.mkdtemp(prefix="memsite-tests-")
    atexit.register(shutil.rmtree, os.environ["MEMSITE_DATA_DIR"], ignore_errors=True)
os.environ.setdefault("MEMSITE_DEBUG", "1")
# The routes exist where a service is named; the tests that use it name their own server.
for service in ("GOOGLE", "GITHUB", "OPENID"):
    os.environ[f"MEMSITE_{service}_ID"] = os.environ[f"MEMSITE_{service}_SECRET"] = "for-tests"
os.environ["MEMSITE_OPENID_URL"] = "http://127.0.0.1:9"
for name in ("MEMSITE_LLM_BASE_URL", "MEMSITE_LLM_MODEL", "MEMSITE_LLM_API_KEY", "MEM0_API_KEY"):
    os.environ.pop(name, None)
# Nothing in a test is encrypted: each client that speaks HTTP reads no certificates, which takes longer than it lives.
os.environ["SSL_CERT_DIR"] = os.environ["MEMSITE_DATA_DIR"]

from tests import postgres  # noqa: E402

if postgres.wanted():
    postgres.prepare()

from memsite import caches  # noqa: E402
from memsite.settings import *  # noqa: E402, F403
from memsite.settings import DATA_DIR, DATABASES  # noqa: E402

DEBUG = False
# Each client of a test starts the middleware anew: files are looked for when asked for, rather than listed each time.
WHITENOISE_AUTOREFRESH = True
# Cleared before each test, also before those that may not touch the database.
CACHES = {"default": caches.configured("locmem://")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The route exists where addresses are confirmed; the tests that use it turn confirming on.
MFA_PASSKEY_SIGNUP_ENABLED = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because the server of the browser tests has its own connections to it; nothing has to survive a power cut.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
elif postgres.on_citus():
    # Making a database on a cluster takes more than CREATE DATABASE: the tests run in the one that is named.
    DATABASES["default"]["TEST"] = {"NAME": DATABASES["default"]["NAME"]}

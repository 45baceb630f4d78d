"""The site's own settings, on one's own machine, with what makes tests quick."""

import os
import tempfile

os.environ.setdefault("MEMSITE_DEBUG", "1")
os.environ.setdefault("MEMSITE_DATA_DIR", tempfile.mkdtemp(prefix="memsite-tests-"))
for name in ("MEMSITE_LLM_BASE_URL", "MEMSITE_LLM_MODEL", "MEMSITE_LLM_API_KEY"):
    os.environ.pop(name, None)

from memsite.settings import *  # noqa: E402, F403

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

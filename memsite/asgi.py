"""The door for ASGI servers."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "memsite.settings")
application = get_asgi_application()

from memsite import warm  # noqa: E402  # after Django is set up

warm.start()

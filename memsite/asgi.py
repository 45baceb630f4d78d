"""The door for ASGI servers."""

import os

# Before anything imports numpy: a product of two small arrays is slower with threads, and much slower when all cores
# have requests of their own to work on.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "memsite.settings")
django_application = get_asgi_application()

from django.conf import settings  # noqa: E402  # after Django is set up

from memories import live, tending, uploads  # noqa: E402
from memsite import starting, warm  # noqa: E402
from memsite.bodies import Bodies  # noqa: E402
from memsite.lifespan import Lifespan  # noqa: E402

application = Lifespan(Bodies(django_application, uploads.largest), live.drain)

starting.look()
warm.start()
if settings.DEMO:
    # Elsewhere `manage.py tend --loop` runs beside the servers.
    tending.start_in_background()

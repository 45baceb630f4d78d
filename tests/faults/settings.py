"""The site's own settings, on one's own machine; a proof of who one is holds for as long as a run takes, and nobody is
too fast. Errors are shown as a real site shows them."""

from memsite.settings import *  # noqa: F403

DEBUG = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10**7
ACCOUNT_RATE_LIMITS = False
LIMITS = 0

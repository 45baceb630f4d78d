"""The site's settings for measuring: on one's own machine, but as quick as in use."""

from memsite.settings import *  # noqa: F403

DEBUG = False
# Everyone who is measured comes from one address.
LIMITS = False
ROOT_URLCONF = "benchmarks.urls"

#!/usr/bin/env python
"""Django's command line for memsite."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "memsite.settings")
    # As in memsite/asgi.py: before anything imports numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    execute_from_command_line(sys.argv)

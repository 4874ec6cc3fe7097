#!/usr/bin/env python
"""Django's command line for Vigie."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.command import lend_services

    lend_services()  # the clone's own database, where the environment names none
    from django.core.management import execute_from_command_line

    from config.environment import BadEnvironment

    try:
        execute_from_command_line(sys.argv)
    except BadEnvironment as error:
        sys.exit(str(error))

#!/usr/bin/env python
import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.utils import translation

from backlog.auth import origins
from backlog.rules.origins import COMMAND
from config import shell


def run(command: list[str]) -> None:
    """What a command does is on record as done by it."""
    with origins.acting(COMMAND, process=command[1][:64] if command[1:] else "help"):
        execute_from_command_line(command)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        language = shell.language(os.environ)
        if language:
            translation.activate(language)
        run(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")

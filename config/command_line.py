"""Run a management command with the servers it needs; called by manage.py.

With neither DATABASE_URL nor REDIS_URL set, PostgreSQL and a Redis-protocol server are started
from wheels for as long as the command runs (config/embedded.py).
"""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from config import embedded

# Commands that only read files and write standard output; they must work where no server can run.
WITHOUT_SERVERS = frozenset(
    {"assess", "build_models", "check", "collectstatic", "evaluate", "help", "mail_parse", "spectacular"}
    | {"themes", "version", "--help", "-h", "--version"}
)


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = arguments[1] if len(arguments) > 1 else "help"
    if command in WITHOUT_SERVERS or {"--help", "-h"} & set(arguments):
        os.environ.setdefault("EARSHOT_NO_SERVERS", "1")
    else:
        embedded.ensure()
    try:
        execute_from_command_line(arguments)
    except ImproperlyConfigured as error:
        sys.exit(f"earshot: {error}")


if __name__ == "__main__":
    main(sys.argv)

from typing import Any

from django.core.management.base import BaseCommand

from feedback.channels.email import mail_parse


class Command(BaseCommand):
    """Listed here for ``manage.py help``; manage.py runs the same without waiting for Django."""

    help = "Read one mail on standard input and print what it says as one JSON object. Starts no server."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        mail_parse.main()

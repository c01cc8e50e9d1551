"""``manage.py erase_customer ID``: erase a person, for instance again on a restored backup."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from users.profiles.holdings import erase_customer
from users.profiles.models import Customer
from users.profiles.services import current


class Command(BaseCommand):
    help = "Null every text and address held about a person. For good."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("public_id", type=uuid.UUID, help="the customer's id, as the log names it")

    def handle(self, *args: Any, public_id: uuid.UUID, **options: Any) -> None:
        customer = Customer.objects.select_related("merged_into").filter(public_id=public_id).first()
        if customer is None:
            raise CommandError(f"No customer has the id {public_id}.")
        erase_customer(current(customer), at=timezone.now())
        self.stdout.write("Erased.")

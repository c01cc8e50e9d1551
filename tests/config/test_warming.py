from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError

from config import warming
from tickets.queues.services import recall
from tickets.routing.services import active_rules


@pytest.mark.django_db(transaction=True)
class TestAskTheDatabase:
    def test_leaves_no_configuration_to_ask_for_the_first_message(
        self, django_assert_num_queries: Any
    ) -> None:
        warming.ask_the_database()
        with django_assert_num_queries(0):
            recall()
            active_rules()

    def test_lets_a_worker_start_without_a_database(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse() -> None:
            raise OperationalError

        monkeypatch.setattr(warming, "current_lessons", refuse)
        warming.ask_the_database()

from __future__ import annotations

from datetime import timedelta

import pytest

from config.kit.origins import Origin
from feedback.intake.habits import LATEST, learn_habits, learn_latest_habits
from tests.people import NOON, customer, said
from users.profiles.models import Customer, Habit

pytestmark = pytest.mark.django_db


def learned() -> list[tuple[str, int, int]]:
    learn_latest_habits(NOON)
    return list(Habit.objects.order_by("customer").values_list("value", "seen_count", "of_count"))


def said_from(*platforms: str, hours_ago: int = 1, **fields: object) -> None:
    for platform in platforms:
        said("It hangs", at=NOON - timedelta(hours=hours_ago), platform=platform, **fields)


class TestHabits:
    def test_are_what_a_person_mostly_writes_from(self) -> None:
        said_from("android", "web", "android", "", "android")
        assert learned() == [("android", 3, 4)]

    def test_need_more_than_two_feedbacks(self) -> None:
        said_from("android", "android")
        assert learned() == []

    def test_go_when_somebody_changes_to_another(self) -> None:
        said_from("android", "android", "android", hours_ago=3)
        assert learned() == [("android", 3, 3)]
        said_from("ios", "ios", "ios", hours_ago=2)
        assert learned() == []
        said_from(*["ios"] * LATEST)
        assert learned() == [("ios", LATEST, LATEST)]

    def test_are_each_persons_own_and_count_what_was_found_to_be_theirs(self) -> None:
        said_from("ios", "ios")
        said_from("ios", "web", "web", by="kim@example.com")
        said_from("web", "web", "web", by="lee@example.org")
        Customer.objects.filter(pk=customer("kim@example.com").pk).update(
            merged_into=customer("kim@example.org")
        )
        assert learned() == [("ios", 3, 5), ("web", 3, 3)]

    def test_are_learned_of_whoever_wrote_lately(self) -> None:
        said_from("ios", "ios", "ios")
        assert learn_habits(NOON, at=NOON) == 0
        assert learn_habits(None, at=NOON) == 1

    def test_come_from_no_imported_table(self) -> None:
        said_from("ios", "ios", "ios", origin=Origin.IMPORT)
        assert learned() == []

    def test_are_not_kept_of_who_was_erased(self) -> None:
        said_from("ios", "ios", "ios")
        Customer.objects.update(erased_at=NOON)
        assert learned() == []

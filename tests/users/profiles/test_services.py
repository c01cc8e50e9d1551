from __future__ import annotations

from functools import partial

import pytest

from tests.people import NOON, customer
from tests.threads import together
from users.profiles.models import OptOut, Preferences
from users.profiles.services import opt_out, set_preferences


@pytest.mark.django_db
class TestOptOut:
    def test_adds_to_the_wishes_there_are_once(self) -> None:
        kim = customer("kim@example.org")
        set_preferences(kim, changes={"opt_outs": [OptOut.SURVEYS]}, at=NOON)
        for _ in range(2):
            opt_out(kim, OptOut.UPDATES, at=NOON)
        assert Preferences.objects.get().opt_outs == ["surveys", "updates"]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_keeps_every_wish(self) -> None:
        kim = customer("kim@example.org")
        set_preferences(kim, changes={"language": "en"}, at=NOON)
        together(*(partial(opt_out, kim, wish, at=NOON) for wish in OptOut))
        assert Preferences.objects.get().opt_outs == sorted(OptOut)

from __future__ import annotations

from itertools import product

import pytest

from users.accounts.models import Role, User
from users.accounts.staff import administrators, agents, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everybody() -> None:
    """One of each kind, also of those who left and of the first login, which has no role."""
    for number, (role, is_active, is_superuser) in enumerate(product(Role, (True, False), (True, False))):
        User.objects.create_user(f"u{number}", role=role, is_active=is_active, is_superuser=is_superuser)


class TestStaff:
    @pytest.mark.parametrize(
        ("found", "of_one"),
        [(agents, "is_agent"), (administrators, "is_administrator"), (staff, "has_staff_role")],
    )
    def test_are_those_who_say_so_of_themselves(self, found, of_one) -> None:
        expected = {user.pk for user in User.objects.all() if getattr(user, of_one)}
        assert expected
        assert {user.pk for user in found()} == expected

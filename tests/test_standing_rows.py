import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from tickets.queues.models import Queue


@pytest.mark.django_db(transaction=True)
class TestStandingRows:
    """Whichever of the two runs second finds what the migrations wrote, and nothing else."""

    @pytest.mark.parametrize("turn", [1, 2])
    def test_outlive_a_test_that_commits(self, turn):
        assert Queue.objects.filter(is_crisis=True).count() == 1
        assert ContentType.objects.get_for_model(Queue).pk
        assert not Group.objects.exists()
        Group.objects.create(name="left behind")
        Queue.objects.all().delete()

import pytest

from feedback.intake.models import Channel, ChannelKind

ADDRESS = "support@earshot.example"


@pytest.fixture
def mailbox(db):
    """A mail channel that answers as support@earshot.example and reads no server."""
    return Channel.objects.create(
        slug="support", kind=ChannelKind.EMAIL, name="Support", config={"address": ADDRESS, "name": "客服"}
    )

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from config.kit.signatures import secret_of, signature, signed

RECEIVER = uuid.UUID("0c5d1a53-7f4b-4a5e-9a57-6d5f2c1f8a11")
AT = datetime(2026, 11, 2, 12, tzinfo=UTC)


class TestSignature:
    def test_is_that_of_standard_webhooks(self) -> None:
        """The example of the specification's own libraries."""
        assert (
            signature(
                b'{"test": 2432232314}',
                event_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
                timestamp="1614265330",
                secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            )
            == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        )


class TestSigned:
    def test_can_be_checked_with_the_receivers_secret(self) -> None:
        headers = signed(b"{}", event_id="page-1", at=AT, receiver=RECEIVER)
        assert headers["webhook-id"] == "page-1"
        assert headers["webhook-timestamp"] == "1793620800"
        assert headers["webhook-signature"] == signature(
            b"{}", event_id="page-1", timestamp="1793620800", secret=secret_of(RECEIVER)
        )

    def test_differs_for_each_receiver(self) -> None:
        assert secret_of(RECEIVER) != secret_of(uuid.uuid4())

    def test_carries_the_signature_of_an_old_key_while_keys_change(self, settings: Any) -> None:
        secret = secret_of(RECEIVER)
        old = signed(b"{}", event_id="1", at=AT, receiver=RECEIVER)["webhook-signature"]
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another" * 10
        assert secret_of(RECEIVER) != secret
        assert old in signed(b"{}", event_id="1", at=AT, receiver=RECEIVER)["webhook-signature"].split()

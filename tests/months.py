"""A small month of feedback for tests: what people say about a few things, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction

from config.kit.origins import Origin
from feedback.analysis.services import assess_messages, store
from feedback.intake.models import Message
from tests.people import said
from tickets.summaries.models import Summary
from tickets.summaries.periods import month_of
from tickets.summaries.services import summarise

CRASH = [
    "the app crashes as soon as I open it",
    "app crashes on start since the update",
    "it keeps crashing when I open the app",
    "crashes right after opening, every time",
    "更新之后一打开就闪退",
    "一打开软件就闪退，重装也没用",
    "打开就闪退，根本进不去",
    "新版本一点开就闪退",
]
REFUND = [
    "my refund never arrived",
    "I asked for a refund weeks ago and it never arrived",
    "where is my refund, still no money",
    "refund has not arrived after a month",
    "退款一直没到账",
    "申请退款半个月了还没到账",
    "退款还没有到账，什么时候退",
    "钱一直没退给我，退款没到账",
]
ADS = [
    "far too many ads between the videos",
    "an ad after every single video",
    "way too many advertisements in the app",
    "ads everywhere, too many ads",
    "广告太多了，刷几个视频就一个",
    "全是广告，广告太多",
    "广告实在太多了，烦死了",
    "能不能少放点广告，太多了",
]
PRAISE = [
    "I love this app, great work",
    "really great app, love it",
    "best app ever, thank you",
    "这个软件太棒了，我很喜欢",
    "非常好用，很喜欢",
    "很棒的软件，五星好评",
]

OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)


def say_all(
    texts: Iterable[str],
    *,
    at: datetime,
    times: int = 1,
    who: str = "p",
    apart: timedelta = timedelta(hours=1),
    **fields: Any,
) -> list[Message]:
    """Receive and assess each text ``times`` times from different people, so far ``apart``."""
    messages = []
    with transaction.atomic():
        for number, text in enumerate([text for _ in range(times) for text in texts]):
            moment = at + number * apart
            receipt = said(text, by=f"{who}{number}@example.org", at=moment, origin=Origin.LIVE, **fields)
            messages.append(receipt.message)
        loaded = Message.objects.select_related("feedback", "channel").filter(pk__in=[m.pk for m in messages])
        batch = list(loaded.order_by("pk"))
        for message, assessed in zip(batch, assess_messages(batch), strict=True):
            store(message, assessed, at=at)
    return messages


def summarised(month: int = 11) -> Summary:
    """Return the summary of that month of 2026, made on the 1st of December."""
    at = datetime(2026, 12, 1, tzinfo=UTC)
    return summarise(month_of(date(2026, month, 1), "UTC"), at=at, actor=None, origins=["live"])

from __future__ import annotations

from threading import Thread

import pytest
from django.db import connection

from config.kit.outbox.models import OutboxRow
from feedback.knowledge.models import ArticleText, Passage, Report
from feedback.knowledge.services import (
    PASSAGE_ADDED,
    index_unindexed,
    index_wording,
    join,
    keep_passages,
    wording_for,
)
from feedback.themes.models import PlacedBy, Theme, ThemePlace
from tests.feedback.knowledge.knowing import article, problem, read_all
from tests.people import NOON, said

pytestmark = pytest.mark.django_db


class TestIndexWording:
    def test_owes_a_vector_for_each_passage_once(self) -> None:
        article("a", en="Reset your password: Tap forgotten password, then wait for the mail.")
        rows = OutboxRow.objects.filter(kind=PASSAGE_ADDED)
        assert rows.count() == Passage.objects.count() == 2
        index_wording(ArticleText.objects.get(), at=NOON)
        assert rows.count() == 2
        read_all()
        assert not Passage.objects.filter(vector=None).exists()

    def test_embeds_only_what_is_new_after_a_change(self) -> None:
        article("a", en="Reset your password: Tap forgotten password, then wait for the mail.")
        read_all()
        text = ArticleText.objects.get()
        text.title = "Get a new password"
        text.save()
        index_wording(text, at=NOON)
        assert OutboxRow.objects.filter(kind=PASSAGE_ADDED, done_at=None).count() == 1
        assert {one.text for one in text.passages.all()} == {
            "Get a new password",
            "Tap forgotten password, then wait for the mail.",
        }

    def test_shares_the_vector_of_the_same_words(self) -> None:
        article("a", en="Reset your password")
        article("b", en="Reset your password")
        assert Passage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
class TestKeepPassages:
    def test_writes_once_what_two_save_at_once(self) -> None:
        def save() -> None:
            keep_passages(["the same words"], at=NOON)
            connection.close()

        threads = [Thread(target=save) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Passage.objects.count() == OutboxRow.objects.filter(kind=PASSAGE_ADDED).count() == 1


class TestIndexUnindexed:
    def test_finds_what_came_by_another_road(self) -> None:
        made = article("a", en="One")
        ArticleText.objects.create(article=made, language="zh-Hans", title="一", body="一")
        assert (index_unindexed(NOON), index_unindexed(NOON)) == (1, 0)


class TestJoin:
    def test_counts_the_person_in_the_theme_of_the_problem(self) -> None:
        theme = Theme.objects.create(
            centre=[1.0] + [0.0] * 511, reach=0.5, first_seen_at=NOON, last_seen_at=NOON
        )
        known, message = problem(en="Uploads stop", theme=theme), said("me too").message
        join(message, known, at=NOON)
        join(message, known, at=NOON)
        assert Report.objects.get().problem == known
        place = ThemePlace.objects.get()
        assert (place.message_id, place.theme, place.by) == (message.pk, theme, PlacedBy.PERSON)


class TestWordingFor:
    def test_takes_the_readers_language(self) -> None:
        known = problem(en="Uploads stop", zh="上传停止")
        assert wording_for(known, "zh-hans").title == "上传停止"
        assert wording_for(known, "fr").title == "Uploads stop"

from contextlib import contextmanager
from datetime import timedelta

import pytest

from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.registry import NotNow
from config.kit.outbox.services import run_one
from feedback.intake.models import Message
from feedback.themes import splitting
from feedback.themes.corpus import read_corpus
from feedback.themes.models import SplitOutcome, Theme, ThemeEventKind, ThemePlace, ThemeSplit
from feedback.themes.services import BeingGrouped, regroup
from feedback.themes.splitting import ask_to_split, find_parts, parts_of, write_parts
from tests.months import CRASH, OCTOBER, REFUND, say_all
from tests.people import lead

pytestmark = pytest.mark.django_db

NOVEMBER = OCTOBER + timedelta(days=31)
ALIKE = ["app crashes", "app crashes!", "the app crashes"]


def everything():
    return read_corpus(Message.objects.all())


def one_theme(*texts) -> Theme:
    """Receive the texts and put all of them into one theme."""
    for number, part in enumerate(texts):
        say_all(part, at=OCTOBER, who=f"p{number}-")
    themes = [one.theme for one in regroup(everything(), read_corpus(Message.objects.none()), at=OCTOBER)]
    ThemePlace.objects.update(theme=themes[0])
    return themes[0]


def split(theme: Theme) -> ThemeSplit:
    """Ask for it and have it done, as a worker would."""
    asked = ask_to_split(theme, actor=lead(), at=NOVEMBER)
    run_one(Lane.TEXT, at=NOVEMBER, by="celery")
    asked.refresh_from_db()
    return asked


class TestAsking:
    def test_twice_is_one_split_while_it_is_not_done(self):
        theme, dee = one_theme(ALIKE), lead()
        asked = ask_to_split(theme, actor=dee, at=NOVEMBER)
        assert ask_to_split(theme, actor=dee, at=NOVEMBER) == asked
        assert OutboxRow.objects.open().get(kind="theme.split").subject_id == asked.pk

    def test_may_be_asked_again_once_it_is_done(self):
        theme = one_theme(ALIKE)
        assert split(theme) != ask_to_split(theme, actor=lead("ana"), at=NOVEMBER)


class TestSplitting:
    def test_divides_by_what_is_said_and_keeps_the_parts_apart(self):
        theme = one_theme(CRASH, REFUND)
        assert split(theme).outcome == SplitOutcome.DIVIDED
        other = Theme.objects.get(split_from=theme)
        theme.refresh_from_db()
        assert [theme.places.count(), other.places.count()] == [8, 8]
        assert theme.is_pinned
        assert other.is_pinned
        assert other.labels != theme.labels
        event = other.events.get()
        assert (event.kind, event.other, event.actor.username) == (ThemeEventKind.SPLIT, theme, "dee")

    def test_says_that_there_is_nothing_to_split(self):
        theme = one_theme(ALIKE)
        asked = split(theme)
        assert asked.outcome == SplitOutcome.ONE_THING
        assert asked.finished_at == NOVEMBER
        assert theme.places.count() == 3

    def test_says_so_of_a_theme_that_holds_nothing_any_more(self):
        theme = one_theme(ALIKE)
        ThemePlace.objects.update(theme=None)
        assert split(theme).outcome == SplitOutcome.ONE_THING

    def test_says_that_there_are_too_many(self, monkeypatch):
        monkeypatch.setattr(splitting, "MOST_MESSAGES", 2)
        assert split(one_theme(ALIKE)).outcome == SplitOutcome.TOO_MANY

    def test_leaves_what_was_moved_meanwhile_where_it_is(self):
        theme = one_theme(CRASH, REFUND)
        asked = ask_to_split(theme, actor=lead(), at=NOVEMBER)
        parts = find_parts(asked.pk, NOVEMBER)
        moved = Message.objects.get(pk=int(parts[1].message_ids[0]))
        ThemePlace.objects.filter(message=moved).update(theme=None)
        write_parts(asked.pk, parts, NOVEMBER)
        assert ThemePlace.objects.get(message=moved).theme is None
        assert Theme.objects.get(split_from=theme).places.count() == 7

    def test_waits_while_themes_are_being_grouped(self, monkeypatch):
        @contextmanager
        def grouped_by_another():
            raise BeingGrouped("now")
            yield

        asked = ask_to_split(one_theme(CRASH, REFUND), actor=lead(), at=NOVEMBER)
        monkeypatch.setattr(splitting, "grouping_alone", grouped_by_another)
        with pytest.raises(NotNow):
            find_parts(asked.pk, NOVEMBER)


class TestPartsOf:
    def test_has_the_largest_first(self):
        say_all(CRASH, at=OCTOBER)
        say_all(REFUND[:5], at=OCTOBER, who="q")
        assert [len(part.message_ids) for part in parts_of(everything())] == [8, 5]

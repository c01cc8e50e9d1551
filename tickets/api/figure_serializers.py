"""Serializers of team figures."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class NumbersOut(serializers.Serializer[Any]):
    """Counts of tickets (``answers``: of messages), elapsed times in seconds, shares 0..1; null if there are none."""

    opened = serializers.IntegerField()
    solved = serializers.IntegerField()
    reopened = serializers.IntegerField()
    merged = serializers.IntegerField()
    answers = serializers.IntegerField()
    first_answer_count = serializers.IntegerField()
    first_answer_median_seconds = serializers.FloatField(allow_null=True)
    first_answer_p90_seconds = serializers.FloatField(allow_null=True)
    solution_count = serializers.IntegerField()
    solution_median_seconds = serializers.FloatField(allow_null=True)
    solution_p90_seconds = serializers.FloatField(allow_null=True)
    first_answers_due = serializers.IntegerField(help_text="First answers that had a deadline.")
    first_answers_in_time_share = serializers.FloatField(allow_null=True)
    solutions_due = serializers.IntegerField(help_text="Solutions that had a deadline.")
    solutions_in_time_share = serializers.FloatField(allow_null=True)
    ratings = serializers.IntegerField()
    rating_mean = serializers.FloatField(allow_null=True, help_text="1 very bad .. 5 very good")
    crisis_alarms = serializers.IntegerField()
    crisis_acknowledged = serializers.IntegerField()
    crisis_false_alarms = serializers.IntegerField()
    crisis_acknowledgement_median_seconds = serializers.FloatField(allow_null=True)
    crisis_acknowledgement_p90_seconds = serializers.FloatField(allow_null=True)


class PeriodNumbersOut(NumbersOut):
    waiting_start = serializers.IntegerField(help_text="Tickets to be solved when the first day began.")
    waiting_end = serializers.IntegerField(help_text="Tickets to be solved when the last day ended.")


class NumbersBeforeOut(PeriodNumbersOut):
    """The same numbers for the same number of days just before."""

    def get_fields(self) -> dict[str, Any]:
        """Name the first day ``from``, a word that no attribute may have."""
        return {"from": serializers.DateField(), "to": serializers.DateField(), **super().get_fields()}


class DayOut(serializers.Serializer[Any]):
    """The tickets of one day."""

    day = serializers.DateField()
    opened = serializers.IntegerField()
    solved = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="Tickets to be solved when it ended.")


class TeamNumbersOut(NumbersOut):
    team = serializers.CharField(help_text="Its slug.")


class ChannelNumbersOut(NumbersOut):
    channel = serializers.CharField(help_text="Its slug.")


class AgentNumbersOut(serializers.Serializer[Any]):
    agent = serializers.CharField(help_text="Their user name.")
    solved = serializers.IntegerField()
    answers = serializers.IntegerField()
    first_answer_count = serializers.IntegerField()
    first_answer_median_seconds = serializers.FloatField(allow_null=True)
    first_answer_p90_seconds = serializers.FloatField(allow_null=True)
    first_answers_due = serializers.IntegerField()
    first_answers_in_time_share = serializers.FloatField(allow_null=True)
    ratings = serializers.IntegerField()
    rating_mean = serializers.FloatField(allow_null=True)


class FiguresOut(serializers.Serializer[Any]):
    """Figures of a period and of the one before. ``agents`` lists all agents for product leads and administrators,
    but only the caller for an agent."""

    time_zone = serializers.CharField()
    team = serializers.CharField(allow_null=True)
    queue = serializers.CharField(allow_null=True)
    channel = serializers.CharField(allow_null=True)
    now = PeriodNumbersOut()
    before = NumbersBeforeOut()
    days = DayOut(many=True)
    teams = TeamNumbersOut(many=True)
    agents = AgentNumbersOut(many=True)
    channels = ChannelNumbersOut(many=True)
    messages_by_hour = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="Of customers: seven weekdays from Monday, each of 24 hours.",
    )

    def get_fields(self) -> dict[str, Any]:
        """Name the first day ``from``, a word that no attribute may have."""
        return {"from": serializers.DateField(), "to": serializers.DateField(), **super().get_fields()}

"""Team figures over some days, next to those of as many days before, and the tickets behind each number."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from feedback.intake.models import Channel
from tickets.figures.access import may_see, may_see_everybody
from tickets.figures.asking import Asked, Choices, Days
from tickets.figures.counting import Fact, Measure, Numbers, grouped, numbers_of
from tickets.figures.facts import Placed, facts_of, placed, rated, waiting_after
from tickets.figures.reading import (
    backlog_at,
    events_between,
    latest_before,
    messages_by_hour,
    ratings_between,
    readable,
    standing_since,
)
from users.accounts.models import Team, User

#: The measures shown in the row of an agent.
OWN = frozenset({Measure.ANSWERED, Measure.FIRST_ANSWER, Measure.SOLVED, Measure.RATED, Measure.ANSWER_DUE})
#: What ``tickets_behind`` also takes: tickets waiting for a solution, and those that missed a deadline.
WAITING = "waiting"
MISSED = {"answer_missed": Measure.ANSWER_DUE, "solution_missed": Measure.SOLUTION_DUE}


@dataclass(frozen=True)
class History:
    """Everything in the days asked for and in as many before: ``facts`` of the queues asked for, in order."""

    facts: list[Fact]
    begin: dict[int, int]
    happened: list[Placed]
    queues: frozenset[int] | None

    def waiting(self, ends: Sequence[float]) -> Iterator[list[int]]:
        """Yield the tickets that waited for a solution at each of ``ends``, which are in order."""
        for waiting in waiting_after(self.begin, self.happened, ends):
            yield [ticket for ticket, queue in waiting.items() if self.queues is None or queue in self.queues]


@dataclass(frozen=True)
class Day:
    """The numbers of one day; ``waiting`` for a solution when it ended."""

    date: date
    opened: int
    solved: int
    waiting: int


@dataclass(frozen=True)
class TeamLine:
    team: Team
    numbers: Numbers


@dataclass(frozen=True)
class ChannelLine:
    channel: Channel
    numbers: Numbers


@dataclass(frozen=True)
class AgentLine:
    agent: User
    numbers: Numbers


@dataclass(frozen=True)
class Report:
    """The figures asked for. ``waiting`` is at the start of the period before, and at the start and end of the period.

    ``hours`` are customer messages by weekday (0 = Monday) and hour in the installation's time zone.
    """

    asked: Asked
    now: Numbers
    before: Numbers
    waiting: tuple[int, int, int]
    days: list[Day]
    teams: list[TeamLine]
    channels: list[ChannelLine]
    agents: list[AgentLine]
    hours: list[list[int]]


def history_of(user: User, asked: Asked, choices: Choices) -> History:
    """Read the history that ``asked`` covers, of the tickets that ``user`` may read. Seven queries."""
    start, end = asked.days.before.period.start, asked.days.period.end
    tickets, queues = readable(user, asked), choices.queues_in(asked)
    rows = events_between(start, end, tickets)
    standing = standing_since(start, tickets)
    happened = placed(rows, standing)
    earlier = latest_before(start, {row.ticket for row in rows if row.at - row.age < start.timestamp()})
    facts = [*facts_of(happened, earlier), *rated(ratings_between(start, end, tickets), standing)]
    begin = {
        ticket: standing.queue_at(ticket, start.timestamp(), event=0, present=queue)
        for ticket, queue in backlog_at(start, tickets).items()
    }
    here = (fact for fact in facts if queues is None or fact.queue in queues)
    return History(sorted(here, key=lambda fact: fact.at), begin, happened, queues)


def report_for(user: User, asked: Asked, choices: Choices) -> Report:
    """Count what ``asked`` asks for, over the tickets that ``user`` may read. Always nine queries at most."""
    history = history_of(user, asked, choices)
    period = asked.days.period
    start = period.start.timestamp()
    now = [fact for fact in history.facts if fact.at >= start]
    ends = [asked.days.before.period.start.timestamp(), start, *_ends_of(asked)]
    waiting = [len(tickets) for tickets in history.waiting(ends)]
    return Report(
        asked,
        now=numbers_of(now),
        before=numbers_of(fact for fact in history.facts if fact.at < start),
        waiting=(waiting[0], waiting[1], waiting[-1]),
        days=_days(asked, now, waiting[2:]),
        teams=_teams(now, asked, choices),
        channels=_channels(now, choices),
        agents=_agents(now, user),
        hours=messages_by_hour(period.start, period.end, readable(user, asked), history.queues),
    )


def tickets_behind(
    user: User,
    asked: Asked,
    choices: Choices,
    *,
    what: str,
    day: date | None = None,
    agent: User | None = None,
) -> set[int]:
    """Return the ids of exactly the tickets behind a number: ``what`` is a measure, WAITING, or a key of MISSED.

    Only those of one ``day`` of ``asked``, or one ``agent``, where given. WAITING is at the end of the day or period.
    Empty for an agent whose work ``user`` may not see. Raises ValueError for any other ``what``. Seven queries.
    """
    measure = MISSED.get(what)
    wanted = Measure(what) if measure is None and what != WAITING else measure
    if agent is not None and not may_see(agent.pk, user):
        return set()
    history = history_of(user, asked, choices)
    if wanted is None:
        last = asked.days.each().index(day) if day else -1
        return set(next(history.waiting([_ends_of(asked)[last]])))
    period = (Days(day, day) if day else asked.days).period
    start, end = period.start.timestamp(), period.end.timestamp()
    latest = {
        fact.ticket: fact.value
        for fact in history.facts
        if fact.measure is wanted and start <= fact.at < end and (agent is None or fact.agent == agent.pk)
    }
    return {ticket for ticket, value in latest.items() if measure is None or not value}


def _ends_of(asked: Asked) -> list[float]:
    """Return the end of each day, in order."""
    return [Days(day, day).period.end.timestamp() for day in asked.days.each()]


def _days(asked: Asked, facts: Iterable[Fact], waiting: Sequence[int]) -> list[Day]:
    ends = _ends_of(asked)
    tickets: defaultdict[tuple[int, Measure], set[int]] = defaultdict(set)
    for fact in facts:
        tickets[bisect_right(ends, fact.at), fact.measure].add(fact.ticket)
    return [
        Day(day, len(tickets[number, Measure.OPENED]), len(tickets[number, Measure.SOLVED]), waiting[number])
        for number, day in enumerate(asked.days.each())
    ]


def _teams(facts: Sequence[Fact], asked: Asked, choices: Choices) -> list[TeamLine]:
    """Return a line for each team: the numbers of the queues it works. A queue counts for every team that works it."""
    by_queue = grouped(facts, lambda fact: fact.queue)
    lines = []
    for team in [asked.team] if asked.team else choices.teams:
        own = [fact for queue in choices.worked.get(team.pk, ()) for fact in by_queue.get(queue, ())]
        lines.append(TeamLine(team, numbers_of(sorted(own, key=lambda fact: fact.at))))
    return [line for line in lines if asked.team or not line.numbers.is_empty]


def _channels(facts: Iterable[Fact], choices: Choices) -> list[ChannelLine]:
    by_channel = grouped(facts, lambda fact: fact.channel)
    lines = [
        ChannelLine(channel, numbers_of(by_channel[channel.pk]))
        for channel in choices.channels
        if channel.pk in by_channel
    ]
    return [line for line in lines if not line.numbers.is_empty]


def _agents(facts: Iterable[Fact], user: User) -> list[AgentLine]:
    """Return the lines of agents whose work ``user`` may see, by name, since this is not a ranking. One query."""
    own = (fact for fact in facts if fact.measure in OWN)
    by_agent = grouped(own, lambda fact: fact.agent if fact.agent and may_see(fact.agent, user) else None)
    agents = User.objects.in_bulk(by_agent) if may_see_everybody(user) else {user.pk: user}
    lines = [AgentLine(agent, numbers_of(by_agent.get(pk, []))) for pk, agent in agents.items()]
    return sorted(lines, key=lambda line: (line.agent.name.casefold(), line.agent.pk))

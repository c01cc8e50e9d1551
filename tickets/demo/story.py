"""How conversations continue after the first message: answers, nudges, thanks, an end. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from tickets.demo.pains import PAINS, pain_of
from tickets.demo.people import Person
from tickets.demo.releases import LOCAL, Calendar
from tickets.demo.wording import answer, fill, note, roughen, section

#: By channel: the share of conversations that are answered at all, and the median hours until the answer.
ANSWERED: Mapping[str, tuple[float, float]] = {
    "rest": (0.88, 4.0),
    "email": (0.95, 5.0),
    "chat": (0.96, 0.2),
    "forum": (0.6, 14.0),
    "community": (0.5, 12.0),
    "survey": (0.2, 26.0),
    "reviews": (0.3, 20.0),
    "table": (0.7, 3.0),
}
OPENS, CLOSES = 9, 22
CRISIS_MINUTES = 5.0
HELD_BACK = timedelta(hours=5)
BACKLOG = timedelta(days=3)
CLOSED_AFTER = timedelta(days=7)

#: The agents who answer, as logins of ``tickets.demo.cast``.
CRISIS_AGENTS = ("lin.jing", "agent")
CHINESE_AGENTS = ("agent", "chen.mei", "zhao.lei")
ENGLISH_AGENTS = ("agent", "tom.reed", "sara.okoye")
NAMES = {
    "agent": "Ana",
    "chen.mei": "小美",
    "zhao.lei": "赵磊",
    "tom.reed": "Tom",
    "sara.okoye": "Sara",
    "lin.jing": "林静",
}


@dataclass(frozen=True)
class Step:
    """One step: the customer writes or rates, an agent takes, answers, notes or solves, or time closes the ticket.

    ``by`` is an agent's login; ``then`` the status after an answer: "waiting_customer" or "solved";
    ``score`` the customer's rating, 1..5.
    """

    does: Literal["say", "take", "answer", "note", "solve", "close", "rate"]
    at: datetime
    text: str = ""
    by: str = ""
    then: str = ""
    score: int = 0


class Teller:
    """Makes up how conversations continue, from one source of randomness."""

    def __init__(self, random: Random, times: Calendar) -> None:
        self._random = random
        self._times = times

    def tell(
        self,
        one: Person,
        subject: str,
        *,
        crisis: str,
        channel: str,
        text: str,
        at: datetime,
        slots: Mapping[str, str],
    ) -> tuple[Step, ...]:
        """Return all steps of a conversation opened with ``text`` at ``at``, in order, none after the demo's end."""
        steps = [Step("say", at, text)]
        if crisis:
            steps += self._urgent(one, crisis, at)
        elif subject == "outbreak_login":
            steps += self._in_the_outbreak(one, subject, at)
        else:
            steps += self._ordinary(one, subject, channel, at, slots)
            steps += self._rating(one, steps)
        return tuple(step for step in sorted(steps, key=lambda step: step.at) if step.at < self._times.until)

    def _ordinary(
        self, one: Person, subject: str, channel: str, at: datetime, slots: Mapping[str, str]
    ) -> list[Step]:
        random, pain = self._random, pain_of(subject)
        share, hours = ANSWERED[channel]
        by = random.choice(CHINESE_AGENTS if one.language.startswith("zh") else ENGLISH_AGENTS)
        # Most recent conversations still wait, so that a visitor's inbox is never empty.
        is_fresh = at > self._times.until - HELD_BACK and random.random() < 0.8
        if is_fresh or random.random() > share * pain.answered:
            if at > self._times.until - BACKLOG:
                return []
            # Read, but nothing to answer: closed without a reply, as in every helpdesk.
            looked_at = _working_hours(random, at + BACKLOG * random.uniform(0.3, 1))
            return [Step("solve", looked_at, by=by), Step("close", looked_at + CLOSED_AFTER)]
        wait = timedelta(hours=hours * math.exp(random.gauss(0, 0.8)))
        replied_at = _working_hours(random, at + wait)
        wait = replied_at - at
        steps = []
        if wait > timedelta(hours=8) and random.random() < 0.3:
            steps.append(self._says(one, "nudges", at + wait * random.uniform(0.4, 0.9)))
        if random.random() < 0.5:
            steps.append(Step("take", at + wait * 0.9, by=by))
        if random.random() < 0.07:
            written = note(random, one.language, device=slots["device"], version=slots["version"])
            steps.append(Step("note", at + wait * 0.95, written, by))
        is_solved = random.random() < 0.4
        steps.append(self._answers(one, subject, by, replied_at, is_solved=is_solved))
        return steps + self._afterwards(one, subject, by, replied_at, is_solved=is_solved)

    def _afterwards(
        self, one: Person, subject: str, by: str, replied_at: datetime, *, is_solved: bool
    ) -> list[Step]:
        """Return what follows the first answer: mostly silence, else thanks, or the same trouble again."""
        random, is_trouble = self._random, pain_of(subject).mood == "sore"
        later = replied_at + timedelta(hours=random.expovariate(1 / 9) + 0.1)
        second = _working_hours(random, later + timedelta(hours=random.expovariate(1 / 5) + 0.1))
        dice = random.random()
        steps: list[Step] = []
        ended = replied_at if is_solved else replied_at + timedelta(days=4)
        if dice < 0.10:
            steps.append(self._says(one, "thanks", later))
            ended = second
        elif dice < 0.17 and is_trouble:
            steps.append(self._says(one, "still_broken", later))
            steps.append(self._answers(one, "again", by, second, is_solved=random.random() < 0.6, again=True))
            ended = second + timedelta(days=3)
        elif dice < 0.25 and is_trouble and not is_solved:
            steps.append(self._says(one, "answers", later))
            steps.append(self._answers(one, subject, by, second, is_solved=True, again=True))
            ended = second
        steps.append(Step("solve", ended, by=by))
        steps.append(Step("close", ended + CLOSED_AFTER))
        return steps

    def _rating(self, one: Person, steps: list[Step]) -> list[Step]:
        """Return the rating that one customer in seven gives after the end, if any."""
        random = self._random
        ended = next((step.at for step in steps if step.does == "solve"), None)
        was_answered = any(step.does == "answer" for step in steps)
        if ended is None or not was_answered or "surveys" in one.opt_outs or random.random() > 0.14:
            return []
        is_happy = random.random() < 0.68
        lines = section(one.language, "survey_high" if is_happy else "survey_low").alone
        text = random.choice(lines) if lines and random.random() < 0.5 else ""
        if text:
            text = roughen(random, one.language, fill(random, one.language, text, {}), one.manner)
        score = random.choice([4, 5, 5] if is_happy else [1, 2, 3])
        return [Step("rate", ended + timedelta(hours=random.uniform(0.5, 30)), text, score=score)]

    def _urgent(self, one: Person, crisis: str, at: datetime) -> list[Step]:
        random = self._random
        taken = at + timedelta(minutes=CRISIS_MINUTES * math.exp(random.gauss(0, 0.6)))
        by = random.choice(CRISIS_AGENTS)
        if at > self._times.until - timedelta(hours=1):
            # Left open for the visitor to take.
            return []
        steps = [Step("take", taken, by=by)]
        subject = "crisis_safety" if crisis == "safety" else "crisis"
        text = self._words(one, subject, by, taken, is_first=False)
        steps.append(Step("answer", taken + timedelta(minutes=3), text, by, then="waiting_customer"))
        if at < self._times.until - timedelta(hours=4):
            steps.append(Step("solve", taken + timedelta(hours=random.uniform(2, 40)), by=by))
            steps.append(Step("close", steps[-1].at + CLOSED_AFTER))
        return steps

    def _in_the_outbreak(self, one: Person, subject: str, at: datetime) -> list[Step]:
        """Return the steps after an outbreak message: all get the same answer once the cause is fixed."""
        random = self._random
        end = self._times.outbreak_until
        steps = (
            [self._says(one, "nudges", at + (end - at) * random.random())] if random.random() < 0.12 else []
        )
        by = random.choice(CHINESE_AGENTS if one.language.startswith("zh") else ENGLISH_AGENTS)
        told = end + timedelta(minutes=random.uniform(1, 25))
        steps.append(Step("answer", told, self._words(one, subject, by, told), by, then="solved"))
        if random.random() < 0.12:
            steps.append(self._says(one, "thanks", told + timedelta(hours=random.uniform(0.2, 14))))
            steps.append(Step("solve", steps[-1].at + timedelta(hours=2), by=by))
        steps.append(Step("close", told + CLOSED_AFTER))
        return steps

    def _says(self, one: Person, moment: str, at: datetime) -> Step:
        language = one.language if section(one.language, moment).alone else "en"
        if one.language == "zh-Hant":
            language = "zh-Hans"
        slots = {"device": one.device, "version": self._times.version(self._random, at)}
        text = fill(self._random, language, self._random.choice(section(language, moment).alone), slots)
        return Step("say", at, roughen(self._random, language, text, one.manner, emoji="emoji"))

    def _answers(
        self, one: Person, subject: str, by: str, at: datetime, *, is_solved: bool, again: bool = False
    ) -> Step:
        text = self._words(one, subject, by, at, is_first=not again, is_solved=is_solved)
        return Step("answer", at, text, by, then="solved" if is_solved else "waiting_customer")

    def _words(
        self,
        one: Person,
        subject: str,
        by: str,
        at: datetime,
        *,
        is_first: bool = True,
        is_solved: bool = False,
    ) -> str:
        return answer(
            self._random,
            one.language,
            subject,
            agent=NAMES[by],
            customer=one.name,
            released=self._times.released(at),
            is_first=is_first,
            is_solved=is_solved and subject in PAINS and PAINS[subject].mood == "sore",
        )


def _working_hours(random: Random, at: datetime) -> datetime:
    """Return ``at`` if it is in opening hours, else some time in the first hours after the next opening."""
    local = at.astimezone(LOCAL)
    if local.hour < OPENS:
        local = local.replace(hour=OPENS, minute=0)
    elif local.hour >= CLOSES:
        local = (local + timedelta(days=1)).replace(hour=OPENS, minute=0)
    else:
        return at
    return (local + timedelta(minutes=random.randint(1, 150))).astimezone(at.tzinfo)

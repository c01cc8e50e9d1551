"""The setting of the demo's messages: logins, teams, queues, channels, rules, canned replies, macros."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from feedback.intake.models import Channel, Topic
from tickets.demo.story import NAMES
from tickets.demo.wording import TEXTS
from tickets.desk.models import Status
from tickets.queues.models import AccessLevel, BusinessCalendar, Priority, Queue, QueueAccess, SlaPolicy
from tickets.replies.models import CannedReply, CannedReplyText
from tickets.routing.models import Rule
from tickets.workbench.models import Giving, Macro
from users.accounts.models import STAFF_ROLES, Role, Team, User
from users.profiles.models import Segment

#: The password of all four logins; they exist only on embedded servers, which listen on this machine alone.
PASSWORD = "earshot"


@dataclass(frozen=True)
class Login:
    """A login that a visitor may use."""

    username: str
    name: str
    role: Role
    language: str
    sees: str
    is_crisis_team: bool = False


LOGINS = (
    Login("agent", "Ana", Role.AGENT, "en", "the inbox and the crisis queue", is_crisis_team=True),
    Login("lead", "Dee", Role.LEAD, "en", "the monthly summaries and all tickets"),
    Login("administrator", "Admin", Role.ADMINISTRATOR, "en", "everything", is_crisis_team=True),
    Login("customer", "Kim Lin 林可", Role.CUSTOMER, "zh-hans", "their own feedback, over REST"),
)
_TEAMS = {
    "support-zh": ("客服一线", ("agent", "chen.mei", "zhao.lei")),
    "support-en": ("Support, English", ("agent", "tom.reed", "sara.okoye")),
    "crisis-desk": ("危机小组 Crisis desk", ("agent", "lin.jing")),
}
_QUEUES = (
    ("payments", "Payments and payouts", "支付与提现", 30),
    ("technical", "Technical", "技术问题", 40),
    ("creators", "Creators and accounts", "创作者与账号", 50),
    ("community", "Content and community", "内容与社区", 60),
)
_CHANNELS = {
    "rest": "萤光 App 反馈 / In-app feedback",
    "email": "support@glowreel.example",
    "chat": "在线客服 / Chat",
    "forum": "创作者论坛 / Creator forum",
    "community": "用户社区 / Community board",
    "survey": "满意度调查 / Survey",
    "reviews": "应用商店评价 / Store reviews",
    "table": "热线记录 / Phone line notes",
}


@transaction.atomic
def set_up() -> None:
    """Create what is missing of the cast; existing rows keep the changes people made."""
    _make_people()
    _make_queues()
    _make_rules()
    _make_canned_replies()
    _make_macros()


def channels() -> dict[str, Channel]:
    """Return the demo's channels by kind, created if missing."""
    made = {}
    for kind, name in _CHANNELS.items():
        made[kind], _created = Channel.objects.get_or_create(
            slug=f"demo-{kind}", defaults={"kind": kind, "name": name}
        )
    return made


def _make_people() -> None:
    for login in LOGINS:
        user, created = User.objects.get_or_create(
            username=login.username,
            defaults={
                "first_name": login.name,
                "email": f"{login.username}@example.com",
                "role": login.role,
                "is_staff": login.role in STAFF_ROLES,
                "is_crisis_team": login.is_crisis_team,
                "language": login.language,
            },
        )
        if created:
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
    known = {login.username for login in LOGINS}
    for username, name in NAMES.items():
        if username in known:
            continue
        user, created = User.objects.get_or_create(
            username=username,
            defaults={
                "first_name": name,
                "email": f"{username}@glowreel.example",
                "role": Role.AGENT,
                "is_staff": True,
                "is_crisis_team": username == "lin.jing",
            },
        )
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
    for slug, (name, usernames) in _TEAMS.items():
        team, _created = Team.objects.get_or_create(slug=slug, defaults={"name": name})
        team.members.add(*User.objects.filter(username__in=usernames))


def _make_queues() -> None:
    for slug, name, name_zh, position in _QUEUES:
        Queue.objects.get_or_create(
            slug=slug, defaults={"name": name, "name_zh": name_zh, "position": position}
        )
    for team in Team.objects.filter(slug__in=_TEAMS):
        for queue in Queue.objects.filter(is_crisis=False):
            QueueAccess.objects.get_or_create(team=team, queue=queue, defaults={"level": AccessLevel.WORK})
    daily = [["09:00", "22:00"]]
    calendar, _created = BusinessCalendar.objects.get_or_create(
        name="萤光客服 Glowreel support", defaults={"hours": {str(day): daily for day in range(7)}}
    )
    # The clocks of urgent and high priority run day and night.
    for priority, hours in ((Priority.NORMAL, 8), (Priority.LOW, 24)):
        SlaPolicy.objects.filter(priority=priority, calendar=None).update(
            calendar=calendar, first_reply_within=timedelta(hours=hours)
        )


def _make_rules() -> None:
    if Rule.objects.exists():
        return
    queues = {queue.slug: queue for queue in Queue.objects.all()}
    Rule.objects.bulk_create(
        [
            Rule(
                name="合作伙伴优先 / Partners first",
                position=10,
                segments=[Segment.PARTNER],
                priority=Priority.HIGH,
                tags=["partner"],
            ),
            Rule(
                name="非常不满 / Very unhappy",
                position=20,
                sentiment_up_to=-0.9,
                urgency_from=0.3,
                priority=Priority.HIGH,
            ),
            Rule(name="支付 / Payments", position=30, topics=[Topic.PAYMENT], queue=queues["payments"]),
            Rule(
                name="故障与性能 / Bugs and speed",
                position=40,
                topics=[Topic.BUG, Topic.PERFORMANCE],
                queue=queues["technical"],
            ),
            Rule(name="账号 / Accounts", position=50, topics=[Topic.ACCOUNT], queue=queues["creators"]),
            Rule(name="内容 / Content", position=60, topics=[Topic.CONTENT], queue=queues["community"]),
            Rule(
                name="建议不急 / Suggestions can wait",
                position=70,
                topics=[Topic.SUGGESTION],
                priority=Priority.LOW,
                tags=["idea"],
            ),
            Rule(
                name="商店评价不急 / Store reviews can wait",
                position=80,
                channel_kinds=["reviews", "survey"],
                priority=Priority.LOW,
            ),
        ]
    )


def _make_canned_replies() -> None:
    text = (TEXTS / "canned.txt").read_text(encoding="utf-8")
    for head, body in re.findall(r"^\[(.+)\]\n((?:[A-Za-z-]+: .+\n?)+)", text, flags=re.MULTILINE):
        slug, name, shortcut = (part.strip() for part in head.split("|"))
        reply, created = CannedReply.objects.get_or_create(
            slug=slug, defaults={"name": name, "shortcut": shortcut}
        )
        if created:
            CannedReplyText.objects.bulk_create(
                CannedReplyText(reply=reply, language=language, text=wording.strip())
                for language, _, wording in (line.partition(":") for line in body.strip().splitlines())
            )


def _make_macros() -> None:
    if Macro.objects.exists():
        return
    answers = {canned.slug: canned for canned in CannedReply.objects.all()}
    Macro.objects.bulk_create(
        [
            Macro(
                name="Payout is late",
                name_zh="提现没到账",
                position=10,
                canned_reply=answers["demo-payout"],
                queue=Queue.objects.get(slug="payments"),
                priority=Priority.HIGH,
                tags=["payout"],
                give_to=Giving.ME,
                status=Status.WAITING_ON_CUSTOMER,
            ),
            Macro(
                name="Wait for the next release",
                name_zh="等下个版本",
                position=20,
                queue=Queue.objects.get(slug="technical"),
                tags=["next-release"],
                aside_for=timedelta(days=3),
            ),
            Macro(
                name="Human review of a ban",
                name_zh="封号转人工复核",
                position=30,
                canned_reply=answers["demo-appeal"],
                queue=Queue.objects.get(slug="creators"),
                tags=["appeal"],
                status=Status.ON_HOLD,
            ),
        ]
    )


def welcome() -> str:
    """Return the lines that tell a visitor how to log in."""
    width = max(len(login.username) for login in LOGINS)
    return "".join(
        f"{login.username:{width}}  password: {PASSWORD}   {login.role.label}: {login.sees}\n"
        for login in LOGINS
    )

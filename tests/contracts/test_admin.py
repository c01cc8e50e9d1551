"""Every admin class of ours: by role, without deletion, without filters that read what is not shown."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import override

from config.kit.admin import HouseAdmin
from feedback.analysis.models import Correction, UrgencyLane
from feedback.analysis.services import correct
from feedback.intake.models import Channel, Topic
from tests.people import agent, client_of, lead, opened
from tickets.desk.models import CrisisPlace, DeskSettings
from tickets.hooks.models import Hook
from tickets.queues.models import Priority, Queue, SlaPolicy
from tickets.replies.models import CannedReply
from tickets.routing.models import Rule
from users.accounts.models import ApiToken, Role, Scope, User
from users.accounts.services import issue_token
from users.profiles.merging import merge
from users.profiles.models import Customer
from users.profiles.services import set_preferences

ADMINS = sorted(admin.site._registry.items(), key=lambda pair: pair[0]._meta.label)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OUR_ADMINS = [pytest.param(model, one, id=model._meta.label) for model, one in ADMINS]


def page(model, name: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def people(db) -> dict[str, Client]:
    users = {
        "customer": User.objects.create_user("kim"),
        "role-less": User.objects.create_user("rob", is_staff=True),
        "agent": agent("ana"),
        "lead": lead(),
        "administrator": User.objects.create_user("adm", role=Role.ADMINISTRATOR, is_staff=True),
    }
    return {name: client_of(user) for name, user in users.items()}


@pytest.mark.parametrize(("model", "one"), OUR_ADMINS)
class TestEveryAdmin:
    def test_stands_on_the_house(self, model, one) -> None:
        assert isinstance(one, HouseAdmin)

    def test_names_itself_its_fields_and_their_choices_for_readers_of_any_language(self, model, one) -> None:
        meta = model._meta
        fields = [f for f in (*meta.concrete_fields, *meta.many_to_many) if not f.primary_key]
        names = [meta.verbose_name, meta.verbose_name_plural, *(f.verbose_name for f in fields)]
        helps = [f.help_text for f in fields if f.help_text and f.editable]
        labels = [label for f in fields for _value, label in f.flatchoices or ()]
        assert [said for said in (*names, *helps, *labels) if not isinstance(said, Promise)] == []
        with override("zh-hans"):
            assert [str(name) for name in names if not CHINESE.search(str(name))] == []

    def test_opens_by_role_alone(self, model, one, people) -> None:
        seen_by = {
            "is_agent": {"agent", "administrator"},
            "is_lead": {"lead", "administrator"},
            "is_administrator": {"administrator"},
        }
        may = set.union(*(seen_by.get(role, set()) for role in (one.seen_by, one.changed_by)))
        for who, client in people.items():
            for name in ("changelist", "add"):
                status = client.get(page(model, name)).status_code
                if who == "customer":
                    assert status == 302, who
                elif name == "changelist":
                    assert status == (200 if who in may else 403), (who, name)
                elif who not in may or not one.is_addable:
                    assert status == 403, (who, name)

    def test_deletes_nothing(self, model, one, rf, people) -> None:
        request = rf.get("/")
        request.user = User.objects.create_superuser("root")
        assert not one.has_delete_permission(request)
        assert "delete_selected" not in one.get_actions(request)

    def test_filters_by_nothing_it_does_not_offer(self, model, one, people) -> None:
        """A list filtered by a hidden column answers questions about it, letter by letter."""
        for field in model._meta.concrete_fields:
            offered = [entry[0] if isinstance(entry, tuple) else entry for entry in one.list_filter]
            if field.name not in offered and not field.is_relation:
                assert not one.lookup_allowed(f"{field.name}__startswith", "a"), field.name


class TestTheAdmin:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_calls_no_two_models_the_same(self, language: str) -> None:
        with override(language):
            names = [str(model._meta.verbose_name_plural) for model, _one in ADMINS]
        assert len(set(names)) == len(names)


class TestLists:
    def test_say_whether_there_is_nothing_or_nothing_that_fits(self, people) -> None:
        client, url = people["administrator"], page(Hook, "changelist")
        assert "There is none yet." in client.get(url).content.decode()
        assert (
            "None fits what you are looking for." in client.get(url + "?is_enabled__exact=1").content.decode()
        )

    def test_offer_the_rest_only_where_some_are_left_out(self, people) -> None:
        client, url = people["administrator"], page(User, "changelist")
        assert "Show all" not in client.get(url).content.decode()
        assert "Show all" in client.get(url + "?q=ana").content.decode()


class TestLookups:
    def test_of_secrets_are_refused(self, people) -> None:
        user = User.objects.get(username="ana")
        for url in (
            page(ApiToken, "changelist") + "?digest__startswith=a",
            page(User, "changelist") + "?password__startswith=pbkdf2",
            page(ApiToken, "changelist") + f"?user__password__startswith={user.password[:5]}",
        ):
            assert people["administrator"].get(url).status_code == 400


class TestApiTokenAdmin:
    def test_shows_the_secret_once_and_keeps_its_digest(self, people) -> None:
        client = people["administrator"]
        given = {"user": User.objects.get(username="kim").pk, "name": "shop", "scopes": ["feedback:write"]}
        response = client.post(
            page(ApiToken, "add"), {**given, "expires_at_0": "", "expires_at_1": ""}, follow=True
        )
        token = ApiToken.objects.get()
        assert response.content.decode().count(token.prefix) >= 2
        assert token.scopes == ["feedback:write"]
        assert "esk_" not in client.get(page(ApiToken, "changelist")).content.decode().replace(
            token.prefix, ""
        )

    def test_revokes(self, people) -> None:
        token, _secret = issue_token(
            User.objects.get(username="kim"), name="x", scopes=[Scope.PROFILE], at=timezone.now()
        )
        people["administrator"].post(
            page(ApiToken, "changelist"), {"action": "revoke", "_selected_action": [token.pk]}
        )
        token.refresh_from_db()
        assert token.revoked_at is not None


class TestUserAdmin:
    def test_lets_the_role_decide_who_sees_the_admin(self, people) -> None:
        kim = User.objects.get(username="kim")
        form = {
            "username": "kim", "first_name": "", "last_name": "", "email": "", "language": "en",
            "role": "agent", "availability": "available", "is_active": "on",
        }  # fmt: skip
        people["administrator"].post(page(User, "change", kim.pk), form)
        kim.refresh_from_db()
        assert (kim.role, kim.is_staff, kim.is_superuser) == (Role.AGENT, True, False)


class TestCustomerAdmin:
    def test_shows_only_customers_of_tickets_one_may_read(self, people) -> None:
        here = opened("here", by="here@example.org").feedback.customer
        agent("cyd", team="other", queue="other")
        there = opened("there", by="there@example.org", queue="other").feedback.customer
        client = people["agent"]
        assert client.get(page(type(here), "change", here.pk)).status_code == 200
        assert client.get(page(type(there), "change", there.pk)).status_code == 302
        listed = client.get(page(type(here), "changelist"), {"q": "there@example.org"}).content.decode()
        assert f"/customer/{there.pk}/" not in listed

    def test_shows_what_one_person_said_as_two_customers(self, people) -> None:
        kim = opened("First words").feedback.customer
        lin = opened("Second words", by="lin@example.org").feedback.customer
        Customer.objects.filter(pk=lin.pk).update(display_name="Lin")
        merge(kim, lin, actor=User.objects.get(username="ana"), at=timezone.now())
        html = people["agent"].get(page(Customer, "change", kim.pk)).content.decode()
        for words in ("First words", "Second words", "<bdi>Lin</bdi>"):
            assert words in html

    def test_offers_what_a_customer_can_wish_for(self, people) -> None:
        kim = opened("First words").feedback.customer
        set_preferences(kim, changes={"language": "tlh", "channel": "email"}, at=timezone.now())
        html = people["agent"].get(page(Customer, "change", kim.pk)).content.decode()
        for choice in (
            '<option value="tlh" selected>tlh</option>',
            '<option value="zh-Hans">简体中文</option>',
            '<option value="email" selected>E-mail</option>',
            '<option value="Asia/Shanghai">',
        ):
            assert choice in html


class TestCannedReplyAdmin:
    def test_refuses_a_variable_that_nobody_replaces(self, people) -> None:
        form = {
            "name": "Hi", "slug": "hi", "shortcut": "hi", "is_active": "on",
            "texts-TOTAL_FORMS": "1", "texts-INITIAL_FORMS": "0", "texts-MIN_NUM_FORMS": "0",
            "texts-MAX_NUM_FORMS": "9", "texts-0-language": "en", "texts-0-text": "Hi {custmer}",
        }  # fmt: skip
        response = people["lead"].post(page(CannedReply, "add"), form)
        assert "Nobody would replace {custmer}." in response.content.decode()
        people["lead"].post(page(CannedReply, "add"), form | {"texts-0-text": "Hi {customer}"})
        assert CannedReply.objects.get(slug="hi").texts.get().text == "Hi {customer}"

    def test_is_called_by_its_chinese_name_on_chinese_pages(self, people) -> None:
        CannedReply.objects.create(name="Try again", name_zh="请再试一次", slug="again")
        page_of_names = page(CannedReply, "changelist")
        assert "Try again" in people["agent"].get(page_of_names).content.decode()
        in_chinese = people["agent"].get(page_of_names, headers={"Accept-Language": "zh-hans"})
        assert "请再试一次" in in_chinese.content.decode()


class TestQueueAdmin:
    def test_is_called_by_its_chinese_name_on_chinese_pages(self, people) -> None:
        Queue.objects.create(name="Payments", name_zh="支付", slug="payments")
        for url in (page(Queue, "changelist"), page(Rule, "add")):
            in_chinese = people["administrator"].get(url, headers={"Accept-Language": "zh-hans"})
            assert "支付" in in_chinese.content.decode()


class TestCrisisPlaceAdmin:
    def test_tells_its_escalation_in_words(self, people) -> None:
        ticket = opened("I will kill him", lane="red", category="safety")
        place = CrisisPlace.objects.get(ticket=ticket)
        html = people["administrator"].get(page(CrisisPlace, "change", place.pk)).content.decode()
        for words in (f"{ticket.number} Personal safety", "Whoever is on call (at once)"):
            assert words in html


class TestChannelAdmin:
    def test_offers_languages_and_says_how_a_mailbox_is_set_up(self, people) -> None:
        html = people["administrator"].get(page(Channel, "add")).content.decode()
        assert '<option value="zh-Hans">简体中文</option>' in html
        assert "HELP_PASSWORD" in html
        form = {
            "name": "Our app",
            "slug": "app",
            "kind": "rest",
            "language": "ja",
            "config": "{}",
            "is_active": "on",
        }
        people["administrator"].post(page(Channel, "add"), form)
        app = Channel.objects.get(slug="app")
        assert (app.language, app.confirms, app.config) == ("ja", False, {})

    def test_lets_senders_be_told_that_it_arrived(self, people) -> None:
        app = Channel.objects.create(slug="app", kind="rest", name="Our app")
        form = {"name": "Our app", "slug": "app", "kind": "rest", "config": "{}", "is_active": "on"}
        for chosen, confirms in (("yes", True), ("no", False)):
            people["administrator"].post(page(Channel, "change", app.pk), form | {"confirms": chosen})
            app.refresh_from_db()
            assert app.confirms is confirms
            html = people["administrator"].get(page(Channel, "change", app.pk)).content.decode()
            assert f'<option value="{chosen}" selected>' in html
            assert "&quot;acknowledge&quot;" not in html


class TestDeskSettingsAdmin:
    def test_takes_no_longer_wait_than_a_minute(self, people) -> None:
        address = page(DeskSettings, "change", 1)
        for seconds, kept in (("61", 10), ("0", 0), ("60", 60)):
            form = {"undo_seconds": seconds, "remind_after_days": "0", "solve_after_days": "0"}
            people["administrator"].post(address, form)
            assert DeskSettings.objects.get().undo_seconds == kept


class TestCorrectionAdmin:
    def test_tells_codes_in_words(self, people) -> None:
        ana = User.objects.get(username="ana")
        message = opened("I will kill him", lane="red", category="safety").feedback.messages.get()
        correct(message, field="lane", new="none", actor=ana, at=timezone.now())
        correct(message, field="topic", new="other", actor=ana, at=timezone.now())
        html = people["lead"].get(page(Correction, "changelist")).content.decode()
        assert str(Correction.objects.latest("pk")) == "topic: Bug → Other"
        for words in ("urgency lane", UrgencyLane.RED.label, UrgencyLane.NONE.label, Topic.BUG.label):
            assert str(words) in html


class TestRuleAdmin:
    def test_takes_what_was_ticked(self, people) -> None:
        form = {
            "name": "Payments", "position": "5", "is_active": "on", "channel_kinds": ["rest", "email"],
            "topics": ["payment"], "languages": ["zh-Hans", "en"], "urgency_from": "", "sentiment_up_to": "",
            "queue": "", "priority": "", "tags": "vip, refund",
        }  # fmt: skip
        people["administrator"].post(page(Rule, "add"), form)
        rule = Rule.objects.get(name="Payments")
        assert (rule.channel_kinds, rule.topics) == (["rest", "email"], ["payment"])
        assert (rule.languages, rule.segments, rule.tags) == (["zh-Hans", "en"], [], ["vip", "refund"])

    def test_keeps_a_language_it_does_not_offer(self, people) -> None:
        rule = Rule.objects.create(name="Old", languages=["tlh"])
        assert 'value="tlh"' in people["administrator"].get(page(Rule, "change", rule.pk)).content.decode()


class TestSlaPolicyAdmin:
    def test_takes_lengths_of_time_in_words(self, people) -> None:
        policy = SlaPolicy.objects.get(priority=Priority.URGENT)
        shown = people["administrator"].get(page(SlaPolicy, "change", policy.pk)).content.decode()
        assert 'value="15 min"' in shown
        form = {"priority": Priority.URGENT.value, "first_reply_within": "20 min", "solve_within": "1 d 2 h"}
        people["administrator"].post(page(SlaPolicy, "change", policy.pk), form)
        policy.refresh_from_db()
        assert (policy.first_reply_within, policy.solve_within) == (
            timedelta(minutes=20),
            timedelta(hours=26),
        )

"""Subscribe, and owe each subscriber each summary once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from config.kit.errors import Refused
from config.kit.origins import Origin
from config.kit.outbox.services import owe
from config.kit.routes import absolute
from config.kit.secret_links import secret_token
from tickets.subscriptions.models import Subscription, SummaryMail
from tickets.summaries.models import Kind, State, Summary
from users.accounts.models import User

#: The outbox kind whose handler sends one mail.
SUMMARY_MAIL = "summary.mail"
#: A period that ended longer ago is history: counting it late mails nobody.
FRESH = timedelta(days=14)
SALT = "earshot.summary.unsubscribe"


class NoAddress(Refused):
    code = "no_address"


@transaction.atomic
def subscribe(user: User, *, kind: Kind, language: str, at: datetime) -> Subscription:
    """Mail ``user`` each summary of ``kind`` from now on, in ``language``. Raises NoAddress."""
    if not user.email:
        raise NoAddress(_("Your login has no e-mail address; an administrator can add one."))
    found, _created = Subscription.objects.update_or_create(
        user=user, kind=kind, defaults={"language": language, "is_active": True, "changed_at": at}
    )
    return found


def unsubscribe(subscription: Subscription, *, at: datetime) -> None:
    """Mail no more of these; a second time changes nothing."""
    Subscription.objects.filter(pk=subscription.pk, is_active=True).update(is_active=False, changed_at=at)


def unsubscribe_link(subscription: Subscription) -> str:
    """Return the secret address that ends ``subscription``, built from PUBLIC_BASE_URL.

    Of one that is not stored, a sample, there is nothing to end: it leads to where one subscribes.
    """
    if subscription._state.adding:
        return absolute("summary-mail")
    return f"{settings.PUBLIC_BASE_URL}/unsubscribe/{secret_token(SALT, subscription.public_id)}"


@transaction.atomic
def owe_mails(at: datetime) -> list[SummaryMail]:
    """Owe each subscriber each fresh summary they may read and were not owed yet; return the new ones.

    Product leads get the draft, when it is made on the 1st; others what was published. Only whole periods of what
    people really said, in their first revision: counted again, nobody is mailed again. The beat calls it; twice is
    harmless, the unique row decides.
    """
    fresh = Summary.objects.filter(
        kind__in=[Kind.MONTH, Kind.WEEK],
        origins=[Origin.LIVE],
        revision=1,
        covered__gte=1,
        end_at__gt=at - FRESH,
        end_at__lte=at,
    )
    owed = []
    for summary in fresh.order_by("id"):
        for subscription in Subscription.objects.active().filter(kind=summary.kind).select_related("user"):
            if summary.state == State.DRAFT and not subscription.user.is_lead:
                continue
            mail, created = SummaryMail.objects.get_or_create(
                summary=summary, subscription=subscription, defaults={"created_at": at}
            )
            if created:
                owe(SUMMARY_MAIL, mail.pk, at=at)
                owed.append(mail)
    return owed

"""Subscribe to summaries, and schedule each summary once for each subscriber."""

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
#: A period that ended longer ago is history: a late count of it is not mailed.
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
    """Stop mailing this subscription; a second time changes nothing."""
    Subscription.objects.filter(pk=subscription.pk, is_active=True).update(is_active=False, changed_at=at)


def unsubscribe_link(subscription: Subscription) -> str:
    """Return the secret URL that ends ``subscription``, built from PUBLIC_BASE_URL.

    For an unsaved one, a sample, there is nothing to end: the link leads to the page of subscriptions.
    """
    if subscription._state.adding:
        return absolute("summary-mail")
    return f"{settings.PUBLIC_BASE_URL}/unsubscribe/{secret_token(SALT, subscription.public_id)}"


@transaction.atomic
def owe_mails(at: datetime) -> list[SummaryMail]:
    """Schedule each fresh summary for each subscriber who may read it and has none yet; return the new mails.

    Product leads get the draft when it is made on the 1st, others the published summary. Only complete periods of live
    messages in their first revision: a recount is not mailed again. Called by the beat; twice is harmless because of
    the unique row.
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

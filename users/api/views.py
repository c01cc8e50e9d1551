"""Endpoints about the caller: session, profile, preferences, addresses, consents, export and erasure."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth import authenticate, login, logout
from django.http import Http404
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from config.kit.caching import NOT_KEPT
from config.kit.documentation import documented
from config.kit.errors import Refused
from config.kit.fields import read
from config.kit.naming import page_language
from config.kit.pagination import newest_first
from users.accounts.logins import wait_to_log_in
from users.accounts.models import Scope, User
from users.accounts.services import change_language
from users.api import documentation as docs
from users.api.policies import Audience, Policy, login_of, user_of
from users.api.serializers import (
    AddressesOut,
    AddressIn,
    AddressProofIn,
    ConsentIn,
    ConsentOut,
    EraseIn,
    LoginIn,
    MeIn,
    MeOut,
    PreferencesIn,
    PreferencesOut,
    ProofOut,
    SessionOut,
)
from users.api.throttles import CallerThrottle
from users.profiles.holdings import erase_customer, export_customer
from users.profiles.models import Customer, Preferences
from users.profiles.proofs import LinkNotValid, ask_for_proof, proof_of, prove, remove_address
from users.profiles.services import customer_of, record_consent, rename, set_preferences

MOST_ADDRESSES_SHOWN = 100
OWN = Policy(Audience.PERSON, Scope.PROFILE)


class WrongCredentials(Refused):
    code = "wrong_credentials"


class LoginThrottle(BaseThrottle):
    """Limits login attempts by address and by user name."""

    seconds: float | None = None

    def allow_request(self, request: Request, view: object) -> bool:
        if request.method != "POST":
            return True
        name = request.data.get("username") if hasattr(request.data, "get") else None
        self.seconds = wait_to_log_in(request, name)
        return self.seconds is None

    def wait(self) -> float | None:
        return self.seconds


@documented(get=docs.WHO_AM_I, post=docs.LOG_IN, delete=docs.LOG_OUT)
class Session(APIView):
    """A browser's login. Taken as JSON only, which no foreign page can send in a visitor's name."""

    throttle_classes = [CallerThrottle, LoginThrottle]
    policies = {
        "GET": Policy(Audience.ANYBODY, None),
        "POST": Policy(Audience.ANYBODY, None),
        "DELETE": Policy(Audience.LOGGED_IN, None),
    }

    def get(self, request: Request) -> Response:
        """Get who is logged in, and a CSRF token."""
        return Response(self._shown(request, user_of(request)), headers=NOT_KEPT)

    def post(self, request: Request) -> Response:
        """Log in."""
        user = authenticate(request._request, **read(LoginIn, request.data))
        if not isinstance(user, User):
            raise WrongCredentials(_("The name or the password is wrong."))
        login(request._request, user)
        return Response(self._shown(request, user), headers=NOT_KEPT)

    def delete(self, request: Request) -> Response:
        """Log out."""
        logout(request._request)
        return Response(status=204)

    @staticmethod
    def _shown(request: Request, user: User | None) -> dict[str, str | None]:
        return SessionOut(
            {
                "username": user.username if user else None,
                "role": user.role if user else None,
                "csrf_token": get_token(request._request),
            }
        ).data


class Personal(APIView):
    """The base of views on what belongs to the caller only."""

    def customer(self, request: Request) -> Customer:
        """Return the caller as a customer, created on first use. Two queries."""
        return customer_of(login_of(request), at=timezone.now())


@documented(get=docs.READ_ME, patch=docs.CHANGE_ME)
class Me(Personal):
    policies = {"GET": OWN, "PATCH": OWN}

    def get(self, request: Request) -> Response:
        """Get your profile."""
        return Response(MeOut(self.customer(request)).data, headers=NOT_KEPT)

    def patch(self, request: Request) -> Response:
        """Change your name or language."""
        given, customer = read(MeIn, request.data), self.customer(request)
        if "name" in given:
            rename(customer, name=given["name"])
        if "language" in given:
            change_language(login_of(request), language=given["language"])
            customer.refresh_from_db(fields=["user"])
        return Response(MeOut(customer).data, headers=NOT_KEPT)


@documented(get=docs.READ_WISHES, patch=docs.CHANGE_WISHES)
class MyPreferences(Personal):
    policies = {"GET": OWN, "PATCH": OWN}

    def get(self, request: Request) -> Response:
        """Get your preferences and the habits learned."""
        return Response(self._shown(self.customer(request)), headers=NOT_KEPT)

    def patch(self, request: Request) -> Response:
        """Change your preferences.

        Those left out stay unchanged.
        """
        given, customer = read(PreferencesIn, request.data), self.customer(request)
        set_preferences(customer, changes=given, at=timezone.now())
        return Response(self._shown(customer), headers=NOT_KEPT)

    @staticmethod
    def _shown(customer: Customer) -> dict[str, object]:
        wishes = Preferences.objects.filter(customer=customer).first() or Preferences()
        wishes.habits = customer.habits.order_by("kind")  # type: ignore[attr-defined]
        return PreferencesOut(wishes).data


@documented(get=docs.LIST_ADDRESSES, post=docs.ADD_ADDRESS)
class MyAddresses(Personal):
    policies = {"GET": OWN, "POST": OWN}

    def get(self, request: Request) -> Response:
        """List your addresses."""
        return Response(addresses_of(self.customer(request)), headers=NOT_KEPT)

    def post(self, request: Request) -> Response:
        """Request a link by mail that proves that an address is yours."""
        given = read(AddressIn, request.data)
        proof = ask_for_proof(
            self.customer(request),
            email=given["email"],
            language=page_language(),
            at=timezone.now(),
        )
        return Response(ProofOut(proof).data, status=202)


@documented(post=docs.PROVE_ADDRESS)
class MyAddressProofs(Personal):
    policies = {"POST": OWN}

    def post(self, request: Request) -> Response:
        """Confirm an address with the token of the mailed link.

        For apps that follow the link themselves. Returns all your addresses.
        """
        given = read(AddressProofIn, request.data)
        customer, proof = self.customer(request), proof_of(given["token"])
        if proof is None or proof.customer_id != customer.pk:
            raise LinkNotValid(_("This link is no longer valid."))
        prove(proof, at=timezone.now())
        return Response(addresses_of(customer), headers=NOT_KEPT)


def addresses_of(customer: Customer) -> dict[str, object]:
    """Return the addresses of ``customer`` that were not removed, oldest first. One query."""
    kept = customer.addresses.exclude(value="").order_by("pk")[:MOST_ADDRESSES_SHOWN]
    return AddressesOut({"results": kept}).data


@documented(delete=docs.REMOVE_ADDRESS)
class MyAddress(Personal):
    policies = {"DELETE": OWN}

    def delete(self, request: Request, *, address_id: UUID) -> Response:
        """Remove one of your addresses.

        Nothing is sent there any more.
        """
        addresses = self.customer(request).addresses.exclude(value="")
        address = addresses.filter(public_id=address_id).first()
        if address is None:
            raise Http404
        remove_address(address)
        return Response(status=204)


@documented(get=docs.LIST_CONSENTS, post=docs.ADD_CONSENT)
class MyConsents(Personal):
    policies = {"GET": OWN, "POST": OWN}

    def get(self, request: Request) -> Response:
        """List the consents you gave and withdrew, newest first.

        The newest one of each purpose applies.
        """
        page = newest_first(self.customer(request).consents.all(), request)
        return Response(
            {"results": ConsentOut(page.rows, many=True).data, "next": page.next}, headers=NOT_KEPT
        )

    def post(self, request: Request) -> Response:
        """Give or withdraw a consent."""
        given = read(ConsentIn, request.data)
        consent = record_consent(self.customer(request), **given, at=timezone.now())
        return Response(ConsentOut(consent).data, status=201)


@documented(get=docs.EXPORT)
class MyExport(Personal):
    policies = {"GET": OWN}

    def get(self, request: Request) -> Response:
        """Export everything that is held about you."""
        headers = {**NOT_KEPT, "Content-Disposition": 'attachment; filename="earshot-export.json"'}
        return Response(export_customer(self.customer(request)), headers=headers)


@documented(post=docs.ERASE)
class MyErasure(Personal):
    policies = {"POST": OWN}

    def post(self, request: Request) -> Response:
        """Erase your personal data.

        Texts, files and addresses are erased for good, and your login is closed.
        """
        read(EraseIn, request.data)
        erase_customer(self.customer(request), at=timezone.now())
        logout(request._request)
        return Response(status=204)

"""The page at the mailed link that proves an address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from config.kit.errors import Refused
from config.kit.pages import public_page, secret_page
from users.profiles.proofs import proof_of, prove


# The secret in the URL authorises the request, not a cookie; and Django's CSRF check would refuse a page that
# sends no Referer.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
@public_page
def prove_address(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask for a click on a button, since mail scanners follow links, then prove the address."""
    proof = proof_of(token)
    if proof is None or not proof.value:
        raise Http404
    context = {"email": proof.value, "is_proven": proof.proven_at is not None, "refusal": ""}
    if request.method == "POST":
        try:
            prove(proof, at=timezone.now())
            context["is_proven"] = True
        except Refused as refusal:
            context["refusal"] = str(refusal)
    return render(request, "pages/prove_address.html", context, status=409 if context["refusal"] else 200)

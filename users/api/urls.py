from __future__ import annotations

from config.kit.routes import both
from users.api import views

urlpatterns = [
    *both("session", views.Session.as_view(), name="session"),
    *both("me", views.Me.as_view(), name="me"),
    *both("me/preferences", views.MyPreferences.as_view(), name="my-preferences"),
    *both("me/addresses", views.MyAddresses.as_view(), name="my-addresses"),
    *both("me/addresses/proofs", views.MyAddressProofs.as_view(), name="my-address-proofs"),
    *both("me/addresses/<uuid:address_id>", views.MyAddress.as_view(), name="my-address"),
    *both("me/consents", views.MyConsents.as_view(), name="my-consents"),
    *both("me/export", views.MyExport.as_view(), name="my-export"),
    *both("me/erase", views.MyErasure.as_view(), name="my-erasure"),
]

"""OpenAPI documentation of the endpoints about the caller."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes

from config.kit.documentation import CURSOR, LIMIT, Body, Operation
from users.api import serializers as shapes

ME, LOGIN = "me", "session"
_BAD = (400, 401, 403, 413, 415, 422)
_READ = (401, 403)

WHO = {"username": "kim", "role": "customer", "csrf_token": "vKk0m3Qe0yTq1l7mR4sX"}
PROFILE = {
    "id": "9b2f5c1e-63a8-4a55-8a5c-0c5b8e7a1d20",
    "username": "kim",
    "name": "Kim",
    "language": "zh-hans",
    "segment": "creator",
    "known_since": "2026-03-01T08:00:00Z",
}
WISHES = {
    "language": "zh-Hans",
    "channel": "email",
    "time_zone": "Asia/Shanghai",
    "quiet_from": "22:00:00",
    "quiet_until": "08:00:00",
    "opt_outs": ["surveys"],
    "habits": [{"kind": "platform", "value": "android", "seen_count": 7, "of_count": 9}],
}
ADDRESS = {
    "id": "3d813cbb-47fb-32ba-91df-831e1593ac29",
    "kind": "email",
    "value": "kim@example.org",
    "is_proven": True,
    "is_reachable": True,
    "since": "2026-03-01T08:00:00Z",
}
CONSENT = {"purpose": "news", "is_granted": False, "notice_version": "2026-10", "at": "2026-11-24T03:04:05Z"}

WHO_AM_I = Operation("readSession", LOGIN, {200: Body(shapes.SessionOut, WHO)})
LOG_IN = Operation(
    "logIn",
    LOGIN,
    {200: Body(shapes.SessionOut, WHO)},
    takes=Body(shapes.LoginIn, {"username": "kim", "password": "correct horse battery staple"}),
    refuses=(400, 401, 413, 415, 422),
)
LOG_OUT = Operation("logOut", LOGIN, {204: Body()}, refuses=_READ)
READ_ME = Operation("readProfile", ME, {200: Body(shapes.MeOut, PROFILE)}, refuses=_READ)
CHANGE_ME = Operation(
    "changeProfile",
    ME,
    {200: Body(shapes.MeOut, PROFILE)},
    takes=Body(shapes.MeIn, {"language": "zh-hans"}),
    refuses=_BAD,
)
READ_WISHES = Operation("readPreferences", ME, {200: Body(shapes.PreferencesOut, WISHES)}, refuses=_READ)
CHANGE_WISHES = Operation(
    "changePreferences",
    ME,
    {200: Body(shapes.PreferencesOut, WISHES)},
    takes=Body(
        shapes.PreferencesIn, {"quiet_from": "22:00", "quiet_until": "08:00", "opt_outs": ["surveys"]}
    ),
    refuses=_BAD,
)
LIST_ADDRESSES = Operation(
    "listAddresses", ME, {200: Body(shapes.AddressesOut, {"results": [ADDRESS]})}, refuses=_READ
)
ADD_ADDRESS = Operation(
    "addAddress",
    ME,
    {202: Body(shapes.ProofOut, {"email": "kim@example.org", "expires_at": "2026-11-25T03:04:05Z"})},
    takes=Body(shapes.AddressIn, {"email": "kim@example.org"}),
    refuses=_BAD,
)
PROVE_ADDRESS = Operation(
    "proveAddress",
    ME,
    {200: Body(shapes.AddressesOut, {"results": [ADDRESS]})},
    takes=Body(shapes.AddressProofIn, {"token": "3d813cbb47fb32ba91df831e1593ac29.Yq0b8m2c…"}),
    refuses=(*_BAD, 409),
)
REMOVE_ADDRESS = Operation("removeAddress", ME, {204: Body()}, refuses=(*_READ, 404, 422))
LIST_CONSENTS = Operation(
    "listConsents",
    ME,
    {200: Body(shapes.ConsentPageOut, {"results": [CONSENT], "next": None})},
    refuses=(*_READ, 422),
    parameters=(CURSOR, LIMIT),
)
ADD_CONSENT = Operation(
    "changeConsent",
    ME,
    {201: Body(shapes.ConsentOut, CONSENT)},
    takes=Body(shapes.ConsentIn, {"purpose": "news", "is_granted": False}),
    refuses=_BAD,
)
EXPORT = Operation(
    "exportMe",
    ME,
    {
        200: Body(
            OpenApiTypes.OBJECT,
            {"person": [{"display_name": "Kim", "segment": "creator"}], "messages": [], "ratings": []},
        )
    },
    refuses=_READ,
)
ERASE = Operation(
    "eraseMe", ME, {204: Body()}, takes=Body(shapes.EraseIn, {"confirm": "erase"}), refuses=_BAD
)

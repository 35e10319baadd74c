"""Who may do what, one row a route. A route of the API that has no row here fails the test.

A cell is `ok` (it is let through), `401`, `403`, or `404` (what is not theirs is not there).
The people: nobody; Ana; another member; a cashier, a supervisor and a manager of Ana's shop; the manager of another
store; the manager of another programme. Things that a path names are Ana's, or her shop's.
"""

from __future__ import annotations

PEOPLE = ("nobody", "ana", "other", "cashier", "supervisor", "manager", "store", "programme")

_EVERYBODY = "ok  ok  ok  ok  ok  ok  ok  ok"
_ANYBODY_SIGNED_IN = "401 ok  ok  ok  ok  ok  ok  ok"
_OWN = "401 ok  ok  403 403 403 403 403"
_ANAS = "401 ok  404 403 403 403 403 403"
_STAFF = "401 403 403 ok  ok  ok  ok  ok"
_SHOPS = "401 403 403 ok  ok  ok  404 404"
_SUPERVISORS = "401 403 403 403 ok  ok  ok  ok"
_MANAGERS = "401 403 403 403 403 ok  ok  ok"
_SHOPS_MANAGERS = "401 403 403 403 403 ok  404 404"
_PROGRAMMES_MANAGERS = "401 403 403 403 403 ok  ok  404"

_ROWS = {
    _EVERYBODY: """
        GET /v1/health
        GET /v1/demo/personas
        POST /v1/sign-in/code
        GET /v1/sign-in/terms
        GET /v1/terms/{version}
        GET /v1/terms/rules/{version}
        GET /v1/print/{token}
    """,
    _ANYBODY_SIGNED_IN: """
        POST /v1/sign-out
    """,
    _OWN: """
        GET /v1/me
        PATCH /v1/me
        GET /v1/me/changes
        PUT /v1/me/terms
        GET /v1/me/purchases
        GET /v1/me/months
        GET /v1/me/offers
        PUT /v1/me/offers/{offer_id}/activation
        DELETE /v1/me/offers/{offer_id}/activation
        PUT /v1/me/offers/{offer_id}/hidden
        DELETE /v1/me/offers/{offer_id}/hidden
        GET /v1/me/events
        GET /v1/me/confirmations
        PUT /v1/me/spend-limit
        GET /v1/me/statement
        GET /v1/me/statement.pdf
        GET /v1/me/balance
        GET /v1/me/consents
        PUT /v1/me/consents
        GET /v1/me/exports
        POST /v1/me/exports
        GET /v1/me/claims
        POST /v1/me/claims
        GET /v1/me/devices
        DELETE /v1/me/devices
        GET /v1/me/leaving
        POST /v1/me/leaving/code
        POST /v1/me/leaving/stay
    """,
    _ANAS: """
        GET /v1/me/purchases/{purchase_id}
        PUT /v1/me/purchases/{purchase_id}/feedback
        GET /v1/me/purchases/{purchase_id}/feedback
        GET /v1/me/exports/{export_id}
        DELETE /v1/me/devices/{device_id}
        POST /v1/me/confirmations/{confirmation_id}
    """,
    _STAFF: """
        POST /v1/till/identify
        POST /v1/till/confirmations
        POST /v1/till/members
        POST /v1/till/purchases
        POST /v1/till/batches
        GET /v1/till/purchases
        GET /v1/till/kit
        GET /v1/till/catalogue
        GET /v1/till/shifts
        POST /v1/till/shifts
    """,
    _SHOPS: """
        GET /v1/till/purchases/{purchase_id}
        POST /v1/till/purchases/{purchase_id}/refunds
        POST /v1/till/purchases/{purchase_id}/print
        POST /v1/till/purchases/{purchase_id}/mail
        GET /v1/till/shifts/{shift_id}
        POST /v1/till/shifts/{shift_id}/close
    """,
    _SUPERVISORS: """
        GET /v1/till/offline-risks
    """,
    _MANAGERS: """
        POST /v1/programme/imports
        POST /v1/programme/catalogue
        PUT /v1/programme/categories
        GET /v1/programme/settings
        PUT /v1/programme/settings
        GET /v1/programme/reviews
        GET /v1/programme/audit
        GET /v1/programme/staff
        POST /v1/programme/staff
        GET /v1/programme/claims
        GET /v1/programme/feedback
        GET /v1/programme/campaigns
        POST /v1/programme/campaigns
        GET /v1/programme/rules
        POST /v1/programme/rules
        GET /v1/programme/tiers
        POST /v1/programme/tiers
    """,
    _PROGRAMMES_MANAGERS: """
        POST /v1/programme/reviews/{review_id}/decision
        POST /v1/programme/claims/{claim_id}/decision
        GET /v1/programme/campaigns/{campaign_id}/versions
        POST /v1/programme/campaigns/{campaign_id}/state
    """,
    _SHOPS_MANAGERS: """
        PATCH /v1/programme/staff/{staff_id}
        POST /v1/programme/staff/{staff_id}/accounts
        DELETE /v1/programme/staff/{staff_id}/accounts
    """,
}


def _cells(said: str) -> tuple[str, ...]:
    return tuple(said.split())


ROWS: dict[str, tuple[str, ...]] = {
    route.strip(): _cells(cells)
    for cells, routes in _ROWS.items()
    for route in routes.strip().splitlines()
    if route.strip()
}
ROWS |= {
    # what one till has asked is no other's, not even of the same store
    "GET /v1/till/confirmations/{confirmation_id}": _cells("401 403 403 ok 404 404 404 404"),
    "DELETE /v1/till/confirmations/{confirmation_id}": _cells("401 403 403 ok 404 404 404 404"),
    # a body decides: a wrong code, PIN or token is nobody's, and an identification is one till's
    "POST /v1/demo/sign-in": _cells("ok ok ok ok ok ok ok ok"),
    "POST /v1/sign-in": _cells("401 401 401 401 401 401 401 401"),
    "POST /v1/sign-in/refresh": _cells("401 401 401 401 401 401 401 401"),
    "POST /v1/till/switch": _cells("401 403 403 401 401 401 401 401"),
    "POST /v1/till/credits": _cells("401 403 403 403 ok ok 403 403"),
    "DELETE /v1/me": _cells("401 401 401 403 403 403 403 403"),
    # another store's basket; the other programme has a store of that name itself
    "POST /v1/till/quotes": _cells("401 403 403 ok ok ok 403 ok"),
    # ready some seconds after it was asked for, so that it is not there yet for anybody
    "GET /v1/me/exports/{export_id}/file": _cells("401 ok 404 403 403 403 403 403"),
}

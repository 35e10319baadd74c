"""The one table of screens: which route shows which component."""

from __future__ import annotations

import flet as ft

from views.screens.catalogue import CatalogueScreen
from views.screens.claims import Ask, Claims
from views.screens.code import Code
from views.screens.crediting import CreditByHand
from views.screens.demo import Demo
from views.screens.devices import Devices
from views.screens.help import Help, HelpAtDoor
from views.screens.joining import Join
from views.screens.manage import Manage, SpendingLimits, TillSettings, Trail
from views.screens.me import Me
from views.screens.offers import OfferDetail, OfferList, OfferPanes
from views.screens.offline_risks import Offline
from views.screens.privacy import Consents, Leave, Privacy
from views.screens.profile import MyProfile
from views.screens.purchases import PurchaseDetail, PurchaseList, PurchasePanes
from views.screens.review import Reviews
from views.screens.shift import ShiftDetail
from views.screens.sign_in import EnterCode, JoinIn, SignIn, StaffSignIn
from views.screens.staff import StaffPeople
from views.screens.statement import Statement
from views.screens.terms import OwnTerms, TermsOfDay
from views.screens.till_basket import TillBasket
from views.screens.till_day import TillDay
from views.screens.till_device import TillDevice
from views.screens.till_queue import TillQueue
from views.screens.till_queued import TillQueued
from views.screens.till_receipt import TillReceipt
from views.screens.till_refund import TillRefund
from views.screens.till_refund_one import TillRefundOne
from views.screens.till_scan import TillScan
from views.screens.voices import ClaimsToDecide, Heard
from views.screens.wallet import Wallet
from views.shells import ShopperShell, StaffShell

STAFF_SCREENS = [
    ft.Route(path="till", component=TillScan),
    ft.Route(path="till/basket", component=TillBasket),
    ft.Route(path="till/receipt/:id", component=TillReceipt),
    ft.Route(path="till/queue", component=TillQueue),
    ft.Route(path="till/queue/:id", component=TillQueued),
    ft.Route(path="till/refund", component=TillRefund),
    ft.Route(path="till/refund/:id", component=TillRefundOne),
    ft.Route(path="till/day", component=TillDay),
    ft.Route(path="till/day/:id", component=ShiftDetail),
    ft.Route(path="till/device", component=TillDevice),
    ft.Route(path="till/join", component=Join),
    ft.Route(path="till/credit", component=CreditByHand),
    ft.Route(path="till/manage", component=Manage),
    ft.Route(path="till/manage/reviews", component=Reviews),
    ft.Route(path="till/manage/staff", component=StaffPeople),
    ft.Route(path="till/manage/catalogue", component=CatalogueScreen),
    ft.Route(path="till/manage/settings", component=TillSettings),
    ft.Route(path="till/manage/spending", component=SpendingLimits),
    ft.Route(path="till/manage/trail", component=Trail),
    ft.Route(path="till/manage/offline", component=Offline),
    ft.Route(path="till/manage/claims", component=ClaimsToDecide),
    ft.Route(path="till/manage/feedback", component=Heard),
]

MY_SCREENS = [
    ft.Route(path="me/profile", component=MyProfile),
    ft.Route(path="me/devices", component=Devices),
    ft.Route(path="me/privacy", component=Privacy),
    ft.Route(path="me/consents", component=Consents),
    ft.Route(path="me/leave", component=Leave),
    ft.Route(path="me/claims", component=Claims),
    ft.Route(path="me/claims/new", component=Ask),
    ft.Route(path="me/help", component=Help),
    ft.Route(path="me/terms", component=OwnTerms),
]


def routes(panes: bool) -> list[ft.Route]:
    """The routes; with ``panes`` a list and its detail share one view."""
    return [
        ft.Route(path="code", component=Code, modal=True),
        ft.Route(component=ShopperShell, outlet=True, children=_shopper(panes)),
        ft.Route(component=StaffShell, outlet=True, children=STAFF_SCREENS),
        ft.Route(path="demo", component=Demo),
        ft.Route(path="help", component=HelpAtDoor),
        ft.Route(path="sign-in/code", component=EnterCode),
        ft.Route(path="sign-in/join", component=JoinIn),
        ft.Route(path="sign-in/staff", component=StaffSignIn),
        ft.Route(path="sign-in", component=SignIn),
    ]


def _shopper(panes: bool) -> list[ft.Route]:
    if panes:
        pairs = [
            ft.Route(path="offers", component=OfferPanes),
            ft.Route(path="offers/:id", component=OfferPanes),
            ft.Route(path="purchases", component=PurchasePanes),
            ft.Route(path="purchases/:id", component=PurchasePanes),
        ]
    else:
        pairs = [
            ft.Route(path="offers", component=OfferList, children=[ft.Route(path=":id", component=OfferDetail)]),
            ft.Route(
                path="purchases", component=PurchaseList, children=[ft.Route(path=":id", component=PurchaseDetail)]
            ),
        ]
    return [
        ft.Route(index=True, component=Wallet),
        *pairs,
        ft.Route(path="me", component=Me),
        *MY_SCREENS,
        ft.Route(path="statement", component=Statement),
        ft.Route(path="terms/:id", component=TermsOfDay),
    ]

"""Signing in: a contact, the code that was sent to it; for staff a store, a number and a PIN."""

from views.screens.sign_in.code import EnterCode
from views.screens.sign_in.contact import SignIn
from views.screens.sign_in.join import JoinIn
from views.screens.sign_in.staff import StaffSignIn

__all__ = ["EnterCode", "JoinIn", "SignIn", "StaffSignIn"]

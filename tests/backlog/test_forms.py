"""No form takes more than can be stored."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from django import forms

import backlog.admin
import backlog.pages
import council.admin
import council.pages

PASSWORDS = {
    "backlog.admin.users.PasswordForm.password1",
    "backlog.admin.users.PasswordForm.password2",
    "backlog.pages.passwords.Choose.new_password1",
    "backlog.pages.passwords.Choose.new_password2",
    "backlog.pages.sign_in.SignIn.password",
    # Gets its length from the model when it is shown.
    "backlog.pages.sign_in.SignIn.username",
}
"""Only a digest of them is ever stored."""


def our_forms(of: type[Any] = forms.BaseForm) -> Iterator[type[Any]]:
    for form in of.__subclasses__():
        yield from our_forms(form)
        if form.__module__.startswith(("backlog.", "council.")):
            yield form


def test_every_text_and_number_in_a_form_has_ends() -> None:
    for package in (backlog.admin, backlog.pages, council.admin, council.pages):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")

    free = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in our_forms()
        for name, field in form.base_fields.items()
        if not _has_ends(field)
    }

    assert free == PASSWORDS


def _has_ends(field: forms.Field) -> bool:
    match field:
        case forms.IntegerField():  # Also of decimals and floats.
            return field.max_value is not None
        case forms.CharField():
            return field.max_length is not None
    return True

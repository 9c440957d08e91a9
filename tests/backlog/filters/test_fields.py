"""Whatever is looked for by words is found by the same rule, on every list."""

import ast
from pathlib import Path
from typing import Any

import django_filters
import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.http import QueryDict

from backlog.db.fields import Searched, SearchField
from backlog.filters import fields, filtersets
from backlog.filters import requests as request_filters
from backlog.models import Account, ApiToken, Customer, CustomerRequest, Feedback
from council.filters import filtersets as council_filtersets
from tests.factories import backlog as make

# Columns that machines write and that are ASCII by their form: no database folds them otherwise.
MACHINES = {("CustomerRequest", "key"), ("Event", "kind"), ("Seal", "digest")}
FILTERSETS = [
    each
    for module in (filtersets, request_filters, council_filtersets)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, django_filters.FilterSet)
]
SEARCHED = [
    model
    for model in apps.get_models()
    if any(isinstance(field, SearchField) for field in model._meta.get_fields())
]


def field_at(model: type[Model], path: str) -> tuple[type[Model], Any]:
    *ways, name = path.split("__")
    for way in ways:
        related = model._meta.get_field(way).related_model
        assert isinstance(related, type)
        model = related
    return model, model._meta.get_field(name)


def folded_column(model: type[Model]) -> SearchField:
    field = model._meta.get_field("search_text")
    assert isinstance(field, SearchField)
    return field


SEARCHES = [
    (model, path)
    for model, page in admin.site._registry.items()
    if model._meta.app_label in {"backlog", "council"}
    for path in page.search_fields
]


@pytest.mark.parametrize(("model", "path"), SEARCHES, ids=str)
def test_every_search_of_the_admin_compares_the_folded_form(model: type[Model], path: str) -> None:
    owner, field = field_at(model, path)
    assert isinstance(field, SearchField) or (owner.__name__, field.name) in MACHINES


@pytest.mark.parametrize("filterset", FILTERSETS, ids=lambda it: it.__name__)
def test_every_filter_by_words_compares_the_folded_form(filterset: Any) -> None:
    """No other filter looks inside a text, and every set takes a single value once."""
    assert issubclass(filterset, fields.FilterSet)
    for name, each in filterset.base_filters.items():
        if name == "q":
            assert isinstance(each, fields.Search)
        else:
            assert "contains" not in each.lookup_expr
            assert "starts" not in each.lookup_expr


@pytest.mark.parametrize("model", SEARCHED, ids=lambda it: it.__name__)
def test_what_is_searched_is_there(model: type[Model]) -> None:
    assert issubclass(model, Searched) or model is ApiToken  # Nobody renames a token.
    for name in folded_column(model).of:
        try:
            assert isinstance(model._meta.get_field(name), Field)
        except FieldDoesNotExist as error:
            raise AssertionError(name) from error


def test_nothing_changes_a_searched_column_behind_the_folded_one() -> None:
    """`update` and `bulk_update` save no row; who uses them must say `search_text` as well."""
    columns = {name for model in SEARCHED for name in folded_column(model).of}
    behind = []
    for app in ("backlog", "council"):
        for path in sorted(Path(app).rglob("*.py")):
            for call in ast.walk(ast.parse(path.read_text())):
                if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                    continue
                given = {each.arg for each in call.keywords if each.arg}
                if call.func.attr == "bulk_update":
                    given = {str(it.value) for it in ast.walk(call) if isinstance(it, ast.Constant)}
                elif call.func.attr != "update":
                    continue
                if given & columns and "search_text" not in given:
                    behind.append(f"{path}:{call.lineno}")
    assert behind == []


NAMES = ["Élan Groß", "ΣΊΣΥΦΟΣ", "\u1100\u1175\u11b7\u1106\u1175\u11ab\u110c\u1175", "İpek Çağ"]


@pytest.mark.django_db
class TestSearch:
    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("typed", [str, str.upper, str.lower, str.title, str.casefold])
    def test_finds_names_as_stored_and_in_other_capitals(self, name: str, typed: Any) -> None:
        customer = make.CustomerFactory.create(name=name)
        make.CustomerFactory.create(name="Somebody else")

        found = filtersets.CustomerFilter({"q": typed(name)}, Customer.objects.all()).qs

        assert list(found) == [customer]

    def test_finds_words_in_any_order_and_over_any_space(self) -> None:
        said = make.FeedbackFactory.create(verbatim="The card has no  number\r\nanywhere")
        make.FeedbackFactory.create(verbatim="The card is lost")

        for wanted in ("number card", "card  number", " anywhere\tCARD "):
            found = filtersets.FeedbackFilter({"q": wanted}, Feedback.objects.all()).qs
            assert list(found) == [said]

    def test_follows_a_name_that_changes(self) -> None:
        account = make.AccountFactory.create(name="Hanbit")
        account.name = "Größe"
        account.save(update_fields=["name"])

        found = filtersets.AccountFilter({"q": "grosse"}, Account.objects.all()).qs

        assert list(found) == [account]

    def test_finds_a_request_by_its_key_alone_or_by_its_words(self) -> None:
        first = make.RequestFactory.create(key="PAY-1", title="Pay faster")
        other = make.RequestFactory.create(key="PAY-10", title="Refunds")

        def find(wanted: str) -> list[CustomerRequest]:
            rows = CustomerRequest.objects.all()
            return list(request_filters.RequestFilter({"q": wanted}, rows).qs)

        assert find(" pay-1 ") == [first]
        assert find("ＰＡＹ－1") == [first]
        assert find("refunds") == [other]

    def test_takes_signs_of_patterns_for_themselves(self) -> None:
        make.CustomerFactory.create(name="Kim")

        for wanted in ("%", "_", "\\"):
            found = filtersets.CustomerFilter({"q": wanted}, Customer.objects.all()).qs
            assert not found


@pytest.mark.django_db
class TestOnce:
    def test_names_a_parameter_that_is_given_twice(self) -> None:
        given = QueryDict("product=PAY&product=SHOP&q=a")
        filterset: Any = filtersets.FeedbackFilter(given, Feedback.objects.all())

        assert not filterset.is_valid()
        assert filterset.errors.as_data()["product"][0].code == "repeated"
        assert "q" not in filterset.errors

    def test_takes_several_where_either_will_do(self) -> None:
        given = QueryDict("status=new&status=under_review")
        filterset: Any = request_filters.RequestFilter(given, CustomerRequest.objects.all())

        assert filterset.is_valid()

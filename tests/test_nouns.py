"""`docs/nouns.md` names every noun and every state that the code has, and none that it has not."""

import importlib
import pkgutil
import re
from functools import cache
from typing import Final, NamedTuple

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation

import backlog
import council
from backlog.models import ContactPoint, Language

PAGE: Final = settings.BASE_DIR / "docs/nouns.md"
NO_STATES: Final = (Language, ContactPoint.Channel)
HEADING = re.compile(r"^### (?P<word>.+?) · `(?P<model>\w+)`(?: · (?P<korean>.+))?$", re.M)
MARK = re.compile(r"`([^`]+)`")
PATH = re.compile(r"^(?:[\w-]+/)+(?:[\w-]+\.\w+)?$|^manage\.py ")


class Noun(NamedTuple):
    word: str
    korean: str
    marks: frozenset[str]


def marks(text: str) -> frozenset[str]:
    return frozenset(mark for mark in MARK.findall(text) if not PATH.match(mark))


@cache
def named() -> dict[str, Noun]:
    """Each model that has a heading, and what is marked as code in its paragraph."""
    page = PAGE.read_text(encoding="utf-8")
    found = list(HEADING.finditer(page))
    ends = [re.compile(r"^##", re.M).search(page, each.end()) for each in found]
    return {
        each["model"]: Noun(
            each["word"],
            each["korean"] or "",
            marks(page[each.end() : end.start() if end else None]),
        )
        for each, end in zip(found, ends, strict=True)
    }


def our_models() -> dict[str, type[models.Model]]:
    found = [
        *apps.get_app_config("backlog").get_models(),
        *apps.get_app_config("council").get_models(),
    ]
    return {model.__name__: model for model in found}


@cache
def kinds() -> tuple[type[models.Choices], ...]:
    """Every set of states or kinds of both apps, wherever it is written."""
    for package in (backlog, council):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    known = [*models.TextChoices.__subclasses__(), *models.IntegerChoices.__subclasses__()]
    ours = [each for each in known if each.__module__.startswith(("backlog.", "council."))]
    return tuple(each for each in ours if each not in NO_STATES)


@cache
def values() -> frozenset[str]:
    return frozenset(str(value) for kind in kinds() for value in kind.values) - {""}


def states_of(model: type[models.Model]) -> set[str]:
    own = [each for each in kinds() if vars(model).get(each.__name__) is each]
    found = {str(value) for kind in own for value in kind.values}
    for field in model._meta.fields:
        if field.choices and field.name not in ("language", "channel"):
            found |= {str(value) for value, _label in field.flatchoices}
    return found - {""}


def korean_name(model: type[models.Model]) -> str:
    with translation.override("ko"):
        return str(model._meta.verbose_name)


def english_name(model: type[models.Model]) -> str:
    with translation.override("en"):
        return str(model._meta.verbose_name)


def test_every_model_has_a_paragraph_and_every_paragraph_a_model() -> None:
    assert set(named()) == set(our_models())


@pytest.mark.parametrize("name", sorted(our_models()))
class TestANoun:
    def test_is_called_as_the_code_calls_it(self, name: str) -> None:
        model, noun = our_models()[name], named()[name]
        english, korean = english_name(model), korean_name(model)

        assert noun.word == english
        assert noun.korean == ("" if korean == english else korean)

    def test_names_all_its_states(self, name: str) -> None:
        assert states_of(our_models()[name]) - named()[name].marks == set()

    def test_marks_nothing_that_does_not_exist(self, name: str) -> None:
        fields = {field.name for field in our_models()[name]._meta.get_fields()}

        assert named()[name].marks - fields - values() - set(our_models()) == set()


def test_every_state_stands_somewhere() -> None:
    assert values() - marks(PAGE.read_text(encoding="utf-8")) == set()


def test_korean_words_of_the_tables_are_those_of_the_catalogue() -> None:
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale/ko/LC_MESSAGES/django.po"))
    said = "\n".join("\n".join([each.msgstr, *each.msgstr_plural.values()]) for each in catalogue)
    rows = re.findall(r"^\| (?!English|---)[^|]+ \| ([^|]+) \|", PAGE.read_text("utf-8"), re.M)
    words = [word for row in rows for word in row.split(", ")]

    assert rows
    assert [word for word in words if word not in said] == []

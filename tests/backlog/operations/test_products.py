from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from backlog import errors
from backlog.models import Product, ScoringModel, User
from backlog.operations import products
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import ProductFactory, RequestFactory, ScoringModelFactory
from tests.factories.people import UserFactory


class TestAddProduct:
    def test_is_scored_with_the_default_model(self, ada: User) -> None:
        first = products.add_product(prefix="PAY", name="결제", by=ada, at=NOON)
        second = products.add_product(prefix="SHIP", name="배송", is_open=False, by=ada, at=NOON)

        model = ScoringModel.objects.get()
        assert (model.key, model.is_default) == ("impact_feasibility", True)
        assert first.scoring_model == second.scoring_model == model
        assert (first.is_open, second.is_open) == (True, False)
        assert events.kinds() == [
            "scoring_model.added",
            "product.added",
            "product.added",
            "product.granted",
        ]

    def test_takes_another_model(self, ada: User) -> None:
        model = ScoringModelFactory.create()
        product = products.add_product(
            prefix="PAY", name="Pay", scoring_model=model, by=ada, at=NOON
        )
        assert product.scoring_model == model
        assert ScoringModel.objects.count() == 1

    @pytest.mark.parametrize("prefix", ["", "P", "pay", "1PAY", "PAY-1", "NINECHARS"])
    def test_refuses_a_prefix_that_would_not_make_keys(self, ada: User, prefix: str) -> None:
        with pytest.raises(ValidationError):
            products.add_product(prefix=prefix, name="Pay", by=ada, at=NOON)
        assert events.kinds() == []

    def test_refuses_a_prefix_in_use(self, ada: User) -> None:
        ProductFactory.create(prefix="PAY")
        with pytest.raises(ValidationError):
            products.add_product(prefix="PAY", name="Pay", by=ada, at=NOON)

    def test_refuses_a_name_that_cannot_be_stored(self, ada: User) -> None:
        with pytest.raises(errors.UnstorableText):
            products.add_product(prefix="PAY", name="Pay\x00", by=ada, at=NOON)


class TestEditProduct:
    def test_changes_words_and_thresholds(self, ada: User) -> None:
        product = ProductFactory.create()
        for _twice in range(2):
            products.edit_product(
                product_id=product.pk, name="Pay", verify_after=5, by=ada, at=NOON
            )

        product.refresh_from_db()
        assert (product.name, product.verify_after) == ("Pay", 5)
        assert [event.data for event in [events.last()]] == [{"changed": ["name", "verify_after"]}]
        assert events.kinds() == ["product.edited"]

    def test_refuses_an_impossible_threshold(self, ada: User) -> None:
        product = ProductFactory.create()
        with pytest.raises(ValidationError):
            products.edit_product(product_id=product.pk, reopen_percent=101, by=ada, at=NOON)
        assert Product.objects.get().reopen_percent == 10


class TestUseModel:
    def test_makes_its_scores_stale_and_no_others(self, ada: User) -> None:
        product, model = ProductFactory.create(), ScoringModelFactory.create()
        concerned, other = RequestFactory.create(product=product), RequestFactory.create()

        for day in range(2):
            products.use_model(
                product_id=product.pk,
                scoring_model=model,
                by=ada,
                at=NOON + timedelta(days=day),
            )

        for row in (product, concerned, other):
            row.refresh_from_db()
        assert product.scoring_model == model
        assert (concerned.is_score_stale, other.is_score_stale) == (True, False)
        assert events.kinds() == ["product.model_changed"]
        assert events.last().data == {"model": model.pk}


class TestGrantProduct:
    def test_lets_a_person_see_a_closed_product(self, ada: User, mina: User) -> None:
        closed = ProductFactory.create(is_open=False)

        for _twice in range(2):
            products.grant_product(product_id=closed.pk, user=mina, by=ada, at=NOON)

        assert closed in Product.objects.visible_to(mina)
        assert events.kinds() == ["product.granted"]
        assert events.last().data == {"user": mina.pk}

    def test_is_done_for_whoever_adds_or_closes_one(self, ada: User, mina: User) -> None:
        added = products.add_product(prefix="NEW", name="New", is_open=False, by=ada, at=NOON)
        closed = ProductFactory.create()
        products.edit_product(product_id=closed.pk, is_open=False, by=mina, at=NOON)

        assert added in Product.objects.visible_to(ada)
        assert closed in Product.objects.visible_to(mina)
        assert closed not in Product.objects.visible_to(ada)


class TestRevokeGrant:
    def test_hides_the_product_again(self, ada: User, mina: User) -> None:
        closed = ProductFactory.create(is_open=False)
        for user in (ada, mina):
            products.grant_product(product_id=closed.pk, user=user, by=ada, at=NOON)

        for _twice in range(2):
            products.revoke_grant(product_id=closed.pk, user=mina, by=ada, at=NOON)

        assert closed not in Product.objects.visible_to(mina)
        assert events.kinds() == ["product.granted", "product.granted", "product.grant_revoked"]

    def test_refuses_the_last_of_a_closed_product(self, ada: User, mina: User) -> None:
        closed = ProductFactory.create(is_open=False)
        products.grant_product(product_id=closed.pk, user=ada, by=ada, at=NOON)
        left = UserFactory.create(is_active=False)
        products.grant_product(product_id=closed.pk, user=left, by=ada, at=NOON)

        with pytest.raises(errors.LastGrant):
            products.revoke_grant(product_id=closed.pk, user=ada, by=ada, at=NOON)

        assert closed in Product.objects.visible_to(ada)

    def test_takes_the_last_of_an_open_one(self, ada: User) -> None:
        product = ProductFactory.create()
        products.grant_product(product_id=product.pk, user=ada, by=ada, at=NOON)

        products.revoke_grant(product_id=product.pk, user=ada, by=ada, at=NOON)

        assert not product.grants.exists()

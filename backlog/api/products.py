"""Products and sources."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import base, versions
from backlog.api.serializers import products as serializers
from backlog.models import Product
from backlog.operations import products


class ProductViewSet(base.Listed[Product]):
    """What customers use; each owns one backlog. The prefix may stand in the address."""

    queryset = Product.objects.none()
    serializer_class = serializers.ProductRead
    is_versioned = True
    natural_key = "prefix"
    lookup_value_regex = "[A-Z0-9]+"
    orderings = ("id", "prefix")
    default_ordering = "prefix"
    access = {
        **base.reading("backlog.view_product"),
        "create": base.ActionPolicy(base.ADMIN, "backlog.manage_products"),
        "partial_update": base.ActionPolicy(base.ADMIN, "backlog.manage_products"),
        "grants": base.ActionPolicy(base.READ, "backlog.manage_products"),
        "grant": base.ActionPolicy(base.ADMIN, "backlog.manage_products"),
        "revoke_grant": base.ActionPolicy(base.ADMIN, "backlog.manage_products").unless(
            errors.LastGrant
        ),
    }

    def get_queryset(self) -> QuerySet[Product]:
        return Product.objects.visible_to(self.user).select_related("scoring_model")

    @extend_schema(request=serializers.ProductAdd, responses={201: serializers.ProductRead})
    def create(self, request: Request) -> Response:
        """Add a product with an empty backlog."""
        data = self.body(serializers.ProductAdd)
        product = products.add_product(**data, by=self.user, at=timezone.now())
        return self.answer(product, status=201)

    @extend_schema(request=serializers.ProductEdit, responses=serializers.ProductRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Edit a product. Another scoring model makes all its scores stale until the sweep."""
        product, data, at = self.get_object(), self.body(serializers.ProductEdit), timezone.now()
        model = data.pop("scoring_model", None)
        with transaction.atomic():
            product = products.edit_product(
                product_id=product.pk,
                version=versions.named_in(request, product),
                **data,
                by=self.user,
                at=at,
            )
            if model is not None:
                product = products.use_model(
                    product_id=product.pk, scoring_model=model, by=self.user, at=at
                )
        return self.answer(product)

    @extend_schema(responses=serializers.GrantRead(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def grants(self, request: Request, pk: str) -> Response:
        """List who sees the product while it is not open to everybody."""
        return self._grants(self.get_object())

    @extend_schema(
        request=serializers.GrantOf, responses=serializers.GrantRead(many=True), filters=False
    )
    @grants.mapping.post
    def grant(self, request: Request, pk: str) -> Response:
        """Let a colleague see it. Granting it twice changes nothing."""
        product, data = self.get_object(), self.body(serializers.GrantOf)
        products.grant_product(product_id=product.pk, **data, by=self.user, at=timezone.now())
        return self._grants(product)

    @extend_schema(
        request=serializers.GrantOf, responses=serializers.GrantRead(many=True), filters=False
    )
    @action(detail=True, methods=["post"], url_path="revoke-grant", pagination_class=None)
    def revoke_grant(self, request: Request, pk: str) -> Response:
        """Take a grant back. Refused for the last one of a closed product."""
        product, data = self.get_object(), self.body(serializers.GrantOf)
        products.revoke_grant(product_id=product.pk, **data, by=self.user, at=timezone.now())
        return self._grants(product)

    def _grants(self, product: Product) -> Response:
        grants = product.grants.select_related("user").order_by("user__name", "pk")
        return Response(serializers.GrantRead(grants, many=True).data)

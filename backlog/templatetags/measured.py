"""What was measured, in words."""

from django import template

from backlog.queries import measurement_texts

register = template.Library()

register.filter("change", measurement_texts.change)
register.filter("bounds", measurement_texts.bounds)
register.filter("samples", measurement_texts.samples)

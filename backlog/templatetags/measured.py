"""What was measured, in words."""

from django import template

from backlog import measured

register = template.Library()

register.filter("change", measured.change)
register.filter("bounds", measured.bounds)
register.filter("samples", measured.samples)

"""The description's texts as HTML: paragraphs, lists and `code`, as its docstrings write them."""

import re

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
_CODE = re.compile(r"`([^`]+)`")


def _inline(text: str) -> SafeString:
    return SafeString(_CODE.sub(r"<code>\1</code>", str(escape(text))))


@register.filter
def told(text: str) -> SafeString:
    """A text of several paragraphs; lines that begin with a dash are a list."""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block]
    return SafeString("".join(_block(block) for block in blocks))


def _block(block: str) -> str:
    if block.startswith("- "):
        points = ((_inline(point),) for point in re.split(r"(?:^|\n)- ", block) if point)
        return f"<ul>{format_html_join('', '<li>{}</li>', points)}</ul>"
    return f"<p>{_inline(block)}</p>"


@register.filter
def inline(text: str) -> SafeString:
    return _inline(text)

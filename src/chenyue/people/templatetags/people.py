"""Tags about people."""

from typing import Any

from django import template

from chenyue.people import masking
from chenyue.people.rules import may

register = template.Library()


@register.inclusion_tag("people/tabs.html", takes_context=True)
def people_tabs(context: template.Context, tab: str) -> dict[str, Any]:
    """The tabs of the people pages; only those that the reader may open."""
    user = context["request"].user
    return {
        "tab": tab,
        "may_keep": may(user, "people.edit", unit_ids=(), place_ids=()),
        "may_handle": may(user, "privacy.handle"),
        "may_write": may(user, "texts.edit"),
    }


@register.filter
def masked_name(name: str) -> str:
    """`李小明` → `李**`."""
    return masking.mask_name(name)


@register.filter
def masked_phone(phone: str) -> str:
    """`13800000001` → `138****0001`."""
    return masking.mask_phone(phone)


@register.filter
def masked_words(text: str) -> str:
    """Numbers and addresses inside words, masked."""
    return masking.mask_words(text)

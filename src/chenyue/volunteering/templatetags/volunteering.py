"""Amounts on the pages of volunteering: `{% load volunteering %}`, then `{{ 1250|credits }}`."""

from django import template

from chenyue.volunteering import amounts

register = template.Library()


@register.filter
def credits(amount: int | None) -> str:
    """Hundredths of a credit: 1250 → `12.5`; nothing for None."""
    return "" if amount is None else amounts.credits_words(amount)


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as yuan: 12345 → `123.45`; nothing for None."""
    return "" if fen is None else amounts.yuan(fen)


@register.filter
def hours(minutes: int | None) -> str:
    """Minutes as a length of service: 95 → `1 小时 35 分`; nothing for None."""
    return "" if minutes is None else amounts.hours_words(minutes)

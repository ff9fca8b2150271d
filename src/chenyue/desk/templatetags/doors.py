"""What the pages of a steward put into their frame."""

from typing import Any

from django import template

from chenyue.desk.kept_drafts import public_key
from chenyue.people.models import Member

register = template.Library()


@register.simple_tag(takes_context=True)
def draft_key(context: template.Context) -> str:
    """The public key with which this member's telephone seals its drafts."""
    user: Any = context["request"].user
    return public_key(user) if isinstance(user, Member) else ""

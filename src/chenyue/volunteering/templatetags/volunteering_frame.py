"""What the staff pages of volunteering share: the row of tabs."""

from typing import Any

from django import template

from chenyue.people import masking
from chenyue.people.models import Resident
from chenyue.volunteering import tabs

register = template.Library()


@register.inclusion_tag("volunteering/_tabs.html", takes_context=True)
def volunteering_tabs(context: template.Context, here: str) -> dict[str, Any]:
    """The pages of volunteering that this person may open."""
    return {"tabs": tabs.tabs_for(context["request"].user), "here": here}


@register.filter
def masked_name(resident: Resident | None) -> str:
    """A resident's name for lists: `李**`; empty for nobody."""
    return masking.mask_name(resident.name) if resident else ""


@register.filter
def masked_phone(resident: Resident | None) -> str:
    """A resident's telephone for lists: `138****0001`."""
    return masking.mask_phone(resident.phone) if resident else ""

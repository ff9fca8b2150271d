"""What the pages of a mediation share."""

from typing import Any

from django import template

from chenyue.mediation import tabs
from chenyue.mediation.models import Mediation, Party
from chenyue.people import masking

register = template.Library()


@register.inclusion_tag("mediation/_tabs.html", takes_context=True)
def mediation_tabs(context: template.Context, mediation: Mediation, here: str) -> dict[str, Any]:
    """The pages of a mediation that this person may open."""
    return {"tabs": tabs.tabs_for(context["request"].user, mediation), "here": here}


@register.filter
def masked(party: Party) -> str:
    """A party's name for lists: an organisation's as it is, a person's masked."""
    return masking.mask_name(party.name) if party.kind == "person" else party.name


@register.filter
def answer(answers: dict[str, Any], question: str) -> Any:
    """What a party answered to a question, if anything."""
    return answers.get(question)


@register.filter
def about(kind: str, key: int) -> str:
    """The matter of a consent: `mediator:3`."""
    return f"{kind}:{key}"

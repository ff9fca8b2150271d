"""Tags of residents' own pages, which stand at the window as well."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def own_url(context: template.Context, name: str, *args: Any) -> str:
    """The address of a page for whoever is served: `{% own_url 'booking' booking.number %}`."""
    return str(context["side"].url(name, *args))

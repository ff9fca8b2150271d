"""Pictures of figures in templates."""

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from chenyue.insight import pictures

register = template.Library()


@register.simple_tag
def share_line(values: Sequence[float | None], label: str) -> SafeString:
    """A small line of a share over months; it breaks where nothing was counted."""
    return pictures.line(values, label)

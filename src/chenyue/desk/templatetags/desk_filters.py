"""The filters above a list of cases. A hundred categories, twenty units and forty communities to choose from cost as
much to write as the fifty rows below them, and are the same for everyone: each field is kept as it was written.
"""

from functools import lru_cache

from django import template
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from chenyue.catalogue.queries import catalogue
from chenyue.core.fields_shown import shown
from chenyue.core.templatetags.chenyue import icon
from chenyue.core.whose import whose
from chenyue.desk.forms.lists import FilterForm
from chenyue.places.queries import communities

register = template.Library()
BESIDE = ("q", "due", "category", "lead", "community", "from_", "to")
BELOW = ("state", "urgency", "channel")
KEPT = 200  # fields; a few kilobytes each
LONG = 100  # characters of what was asked for; what is longer isn't kept


@register.simple_tag
def filter_fields(query: QueryDict) -> SafeString:
    """The fields of `FilterForm`, as this query string fills them."""
    of = get_language() or "", whose(), catalogue().version, tuple(communities())
    beside = "".join([_field(name, query, of) for name in BESIDE])
    below = "".join([_field(name, query, of) for name in BELOW])
    return SafeString(f'<div class="fields-row">{beside}</div>\n{below}')


def _field(name: str, query: QueryDict, of: tuple[object, ...]) -> str:
    values = tuple(query.getlist(name.rstrip("_")))
    write = _written if sum(map(len, values)) <= LONG else _written.__wrapped__
    return write(name, values, of)


@lru_cache(maxsize=KEPT)
def _written(name: str, values: tuple[str, ...], of: tuple[object, ...]) -> str:
    """One field with these values; `of`: all else that it depends on."""
    data = QueryDict(mutable=True)
    data.setlist(name.rstrip("_"), list(values))
    bound = FilterForm(data)[name]
    if name in BELOW:
        return shown(bound, icon, row=True, wide=True)
    return shown(bound, icon, label=bound.label)

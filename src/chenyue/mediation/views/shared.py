"""What small forms of a mediation share: one page, one act, back to where one came from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import NotAllowed, Sentence
from chenyue.core.forms import Form
from chenyue.core.http import see_other
from chenyue.mediation import seeing
from chenyue.mediation.http import done, find, member_of, page
from chenyue.mediation.models import Mediation


@dataclass(frozen=True)
class Look:
    """How the page of a small form reads; `back`: the page after it."""

    heading: Sentence
    button: Sentence = _("Save")
    icon: str = "check"
    here: str = "overview"
    back: str = "mediation:one"
    explain: Any = ""
    late: bool = False


def handled(request: HttpRequest, number: str) -> Mediation:
    """The mediation, for who works on it: conducts or manages. Raises NotFound, NotAllowed."""
    row = find(request, number)
    if not seeing.handles(member_of(request), row):
        raise NotAllowed
    return row


def run(
    request: HttpRequest, row: Mediation, form: Form, scope: str, act: Callable[[], Any], look: Look, **more: Any
) -> HttpResponse:
    """Show the form; sent and valid, act once and go back. What is refused stands in the form."""

    def acted() -> dict[str, Any]:
        act()
        return {}

    if form.is_valid() and done(request, f"mediation.{scope}", form, acted) is not None:
        return see_other(look.back, row.number)
    context = {"mediation": row, "here": look.here, "look": look, "back": reverse(look.back, args=[row.number])}
    return page(request, "mediation/form.html", context | more, form=form)

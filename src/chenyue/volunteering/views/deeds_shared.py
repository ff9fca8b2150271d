"""What small forms of volunteering share: one page, one act, back to where one came from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from chenyue.core.acting import done, page
from chenyue.core.errors import Sentence
from chenyue.core.forms import Form
from chenyue.core.http import see_other


@dataclass(frozen=True)
class Look:
    """How the page of a small form reads; `back`: the address of the page after it."""

    heading: Sentence
    back: str
    here: str
    button: Sentence = _("Save")
    icon: str = "check"
    explain: Any = ""
    late: bool = False


def run(request: HttpRequest, form: Form, scope: str, act: Callable[[], Any], look: Look, **more: Any) -> HttpResponse:
    """Show the form; sent and valid, act once and go back, or where `act` says. What is refused stands in the form."""

    def acted() -> dict[str, Any]:
        found = act()
        return {"url": found} if isinstance(found, str) else {}

    if form.is_valid() and (result := done(request, f"volunteering.{scope}", form, acted)) is not None:
        return see_other(result.get("url") or look.back)
    return page(request, "volunteering/deeds/form.html", {"look": look, "here": look.here} | more, form=form)

"""What the pages of contracts and bookings share: small forms on a page of their own, and who may do what."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from chenyue.core.acting import done, page
from chenyue.core.errors import Sentence
from chenyue.core.forms import Form
from chenyue.core.http import see_other
from chenyue.people.http import member_of
from chenyue.volunteering import seeing

Act = Callable[[], dict[str, Any] | None]


def buys(request: HttpRequest) -> bool:
    """Whether this person buys services and settles."""
    return seeing.may(member_of(request), seeing.CONTRACTS)


def serves(request: HttpRequest) -> bool:
    """Whether this person does things for residents at the window."""
    return seeing.may(member_of(request), seeing.SERVE)


def small_form(
    request: HttpRequest, form: Form, scope: str, act: Act, *, heading: Sentence, back: str, button: Sentence,
    here: str = "contracts", explain: Sentence = "", late: bool = False,
    to: Callable[[dict[str, Any]], str] | None = None,
) -> HttpResponse:  # fmt: skip
    """A form on a page of its own: sent once, back to where it belongs; a refusal keeps what was typed."""
    if form.is_valid():
        result = done(request, f"volunteering.{scope}", form, act)
        if result is not None:
            return see_other(to(result) if to else back)
    context = {"heading": heading, "back": back, "button": button, "here": here, "explain": explain, "late": late}
    return page(request, "volunteering/contracts/form.html", context, form=form)

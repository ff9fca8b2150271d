"""What the pages of credits share: who may read them, who changes something, small forms on a page of their own."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from chenyue.core.acting import done, page
from chenyue.core.errors import NotAllowed, NotFound, Sentence
from chenyue.core.forms import Form
from chenyue.core.http import see_other
from chenyue.people.http import member_of
from chenyue.people.models import Member, Resident
from chenyue.volunteering import seeing

Act = Callable[[], dict[str, Any] | None]


def reader(request: HttpRequest) -> Member:
    """Who may read books and rules: auditors and who keeps the credits. Raises NotAllowed."""
    member = member_of(request)
    if not (seeing.may(member, seeing.SEE) or seeing.may(member, seeing.CREDITS)):
        raise NotAllowed
    return member


def keeps(request: HttpRequest) -> bool:
    """Whether this person keeps the credits."""
    return seeing.may(member_of(request), seeing.CREDITS)


def owner(pk: int) -> Resident:
    """Whose book it is. Raises NotFound."""
    found = Resident.objects.filter(pk=pk).select_related("volunteer").first()
    if found is None:
        raise NotFound
    return found


def small_form(
    request: HttpRequest, form: Form, scope: str, act: Act, *, heading: Sentence, back: str, button: Sentence,
    icon: str = "check", here: str = "credits", explain: Sentence = "", late: bool = False,
) -> HttpResponse:  # fmt: skip
    """A form on a page of its own: sent once, then back to where it belongs; a refusal keeps what was typed."""
    if form.is_valid():
        result = done(request, f"volunteering.{scope}", form, act)
        if result is not None:
            return see_other(result.get("url") or back)
    look = {"heading": heading, "back": back, "button": button, "icon": icon, "explain": explain, "late": late}
    return page(request, "volunteering/ledger/form.html", {"look": look, "here": here}, form=form)

"""Set-up: what is done against floods of forms, and how it is just now."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from chenyue.core import floods as guard
from chenyue.core import office
from chenyue.core.http import actor, see_other
from chenyue.desk.forms.floods import FloodsForm
from chenyue.desk.http import done, now, page
from chenyue.people.http import staff_only


@staff_only("office.setup")
def floods(request: HttpRequest) -> HttpResponse:
    """When a form is asked to work or wait, and the limits of one address and one number."""
    form, at = FloodsForm(request.POST or None, initial={n: office.get(n) for n in FloodsForm.base_fields}), now()

    def keep() -> dict[str, Any]:
        return {"changed": office.change(by=actor(request), at=at, **form.cleaned_data)}

    if form.is_valid() and done(request, "desk.floods", form, keep) is not None:
        messages.success(request, _("Saved."))
        return see_other("desk:set-up-floods")
    return page(request, "desk/setup/floods.html", {"state": guard.state(at)}, form=form)

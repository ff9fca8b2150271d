"""A party signs on its own page: reads the whole text, shows that it is itself, draws its name."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from chenyue.core import http
from chenyue.core.acting import page
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.mediation import signing_own
from chenyue.mediation.forms_own import OwnSignForm
from chenyue.mediation.http import done, now, party_of, personal, posted
from chenyue.mediation.lifecycle import AgreementState


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, code: str, n: int) -> HttpResponse:
    """The text and the field for the signature; signed, back to the party's page."""
    party, at = party_of(request, code), now()
    agreement = signing_own.agreement_for(party, n)
    if agreement.state != AgreementState.SIGNING:  # the last signature was this one's, sent twice
        return http.see_other("mediation:own", party.code)
    form = OwnSignForm(posted(request), asked=signing_own.asked(party))

    def act() -> dict[str, Any]:
        given = {name: form.cleaned_data[name] for name in ("drawing", "sha256", "proof")}
        return {"pk": signing_own.sign(party=party, agreement=agreement, at=at, **given).pk}

    if form.is_valid():
        try:
            signing_own.known(party, form.cleaned_data["proof"], at)
        except Refusal as refusal:
            refused(form, refusal)
        else:
            if done(request, f"mediation-own:{party.pk}:sign:{n}", form, act) is not None:
                return http.see_other("mediation:own", party.code)
    context = {"party": party, "mediation": party.mediation, "sheet": signing_own.sheet(party, agreement, at)}
    return personal(page(request, "mediation/own/sign.html", context, form=form))

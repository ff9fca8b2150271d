"""Set-up: channels with a test, and the log of what was sent, with sending again."""

from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage, get_connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.core import office
from chenyue.core.errors import Refusal
from chenyue.core.http import see_other
from chenyue.desk.forms.setup import TestMailForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.notify import actions, queries
from chenyue.notify.models import Message
from chenyue.people import masking
from chenyue.people.http import staff_only

PAGE = 50


@staff_only("office.setup")
def channels(request: HttpRequest) -> HttpResponse:
    """Which channels are connected; the test says what went wrong in the server's own words."""
    form = TestMailForm(request.POST or None)
    if form.is_valid() and done(request, "desk.test-mail", form, lambda: sent_test(form)) is not None:
        messages.success(request, _("The test was handed over. Look into the mailbox."))
        return see_other("desk:set-up-channels")
    real = "smtp" in settings.EMAIL_BACKEND
    context = {"real": real, "host": settings.EMAIL_HOST, "sender": settings.DEFAULT_FROM_EMAIL}
    return page(request, "desk/setup/channels.html", context | {"counts": queries.message_counts()}, form=form)


def sent_test(form: TestMailForm) -> None:
    """Hand a test over at once. Raises Refusal with the reason."""
    subject = _("Test of %(office)s") % {"office": office.get("short_name")}
    letter = EmailMessage(subject, _("This test has arrived."), to=[form.cleaned_data["address"]])
    letter.connection = get_connection(timeout=15)
    try:
        letter.send()
    except Exception as error:
        said = _("The mail server refused: %(why)s") % {"why": f"{type(error).__name__}: {str(error)[:160]}"}
        raise Refusal(said, field="address") from error


@staff_only("notify.resend")
def deliveries(request: HttpRequest) -> HttpResponse:
    """The newest first; failures with their reason."""
    state, before = request.GET.get("state", ""), request.GET.get("before", "")
    rows = queries.messages(
        state=state if state in Message.State.values else "",
        about=request.GET.get("about", ""),
        before=int(before) if before.isdecimal() else None,
        limit=PAGE + 1,
    )
    for row in rows:
        row.masked = masking.mask_email(row.address)  # type: ignore[attr-defined]
    following = rows[PAGE - 1].pk if len(rows) > PAGE else None
    context = {"rows": rows[:PAGE], "next": following, "state": state, "states": Message.State.choices}
    return render(request, "desk/setup/deliveries.html", context)


@staff_only("notify.resend")
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Try it again now."""
    message = get_object_or_404(Message, pk=pk)
    if actions.resend(message=message, by=member_of(request).actor(), at=now()):
        messages.success(request, _("It is tried again within a minute."))
    else:
        messages.info(request, _("It is sent or on its way already."))
    return see_other("desk:deliveries")

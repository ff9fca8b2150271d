"""Set-up: channels with their settings, a test, the order of each text, and the log of what was sent."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.core import office
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.core.http import KEY, see_other
from chenyue.desk import deliveries as log
from chenyue.desk.forms.channels import ChannelForm, OrderForm, TestForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.notify import actions, queries, quiet, routes, testing, texts
from chenyue.notify import channels as ways
from chenyue.notify.models import Message
from chenyue.people.http import staff_only

PAGE = 50


@staff_only("office.setup")
def channels(request: HttpRequest) -> HttpResponse:
    """Which channels there are, and which are connected."""
    rows = [row_of(one) for one in ways.offered() if one.page or one.always or ways.fields_of(one)]
    context = {"rows": [row for row in rows if row], "counts": queries.message_counts()}
    return render(request, "desk/setup/channels.html", context)


def row_of(channel: ways.Channel) -> dict[str, Any] | None:
    """A channel as the list shows it; None for one without a page whose settings stand on another's."""
    url = ""
    if channel.page:
        try:
            url = reverse(channel.page)
        except NoReverseMatch:
            return None
    elif ways.fields_of(channel):
        url = reverse("desk:set-up-channel", args=[channel.code])
    if not url and channel.reach != ways.Reach.DESK:
        return None
    setup = ways.of(channel.code)
    missing = [] if channel.always else ways.lacks(channel, setup)
    return {"channel": channel, "url": url, "on": ways.connected(channel), "set": setup.on, "missing": missing}


def found(code: str) -> ways.Channel:
    """The channel that this page is about, or 404."""
    channel = ways.find(code)
    if channel is None or channel.page or not ways.fields_of(channel):
        raise Http404
    return channel


@staff_only("office.setup")
def channel(request: HttpRequest, code: str) -> HttpResponse:
    """The settings of one channel; `driver` chooses the service whose settings are shown."""
    one = found(code)
    driver = request.POST.get("driver") or request.GET.get("driver", "")
    setup = ways.of(code, driver)
    form = ChannelForm(one, setup, request.POST or None)
    if form.is_valid() and done(request, f"desk.channel.{code}", form, lambda: keep(request, form)) is not None:
        messages.success(request, _("Saved."))
        return see_other("desk:set-up-channel", code)
    return page(request, "desk/setup/channel.html", about(one, setup, TestForm(one.reach)), form=form)


def about(one: ways.Channel, setup: ways.Setup, test: TestForm) -> dict[str, Any]:
    """What the page of a channel shows beside its form."""
    log_rows = log.shown(queries.messages(channel=one.code, limit=5))
    kept = ways.of(one.code)
    tried = one.send is not None or one.try_out is not None
    return {
        "channel": one, "setup": setup, "kept": kept, "rows": log_rows, "drivers": one.drivers.items(),
        "test": test if tried and not ways.lacks(one, kept) and setup.driver == kept.driver else None,
        "on": ways.connected(one), "printed": one.reach == ways.Reach.EMAIL and not ways.connected(one),
    }  # fmt: skip


def keep(request: HttpRequest, form: ChannelForm) -> None:
    """Keep what was typed."""
    on = bool(form.cleaned_data.get("on"))
    by = member_of(request).actor()
    ways.change(code=form.channel.code, by=by, at=now(), on=on, driver=form.setup.driver, **form.changes())


@staff_only("office.setup")
@require_POST
def test(request: HttpRequest, code: str) -> HttpResponse:
    """Send one message, or try the credentials, and say what happened."""
    one = found(code)
    form = TestForm(one.reach, request.POST)
    if form.is_valid():
        address, key = form.cleaned_data.get("address", ""), request.POST.get(KEY, "")[:80]
        try:
            said = testing.try_out(channel=one, address=address, key=key, by=member_of(request).actor(), at=now())
        except Refusal as refusal:
            request.fresh_key = True  # type: ignore[attr-defined]  # it may be tried again
            refused(form, refusal)
        else:
            messages.success(request, said)
            return see_other("desk:set-up-channel", code)
    setup = ways.of(code)
    context = about(one, setup, form) | {"test": form, "form": ChannelForm(one, setup)}
    return render(request, "desk/setup/channel.html", context, status=422)


@staff_only("office.setup")
def order(request: HttpRequest) -> HttpResponse:
    """By which channel each text goes first, and by which if that fails; the quiet hours."""
    begins, ends = quiet.hours()
    reaching = [(c.code, c.name) for c in ways.all_channels() if c.reach in (ways.Reach.EMAIL, ways.Reach.PHONE)]
    form = OrderForm(ordered(), reaching, data=request.POST or None, initial={"begins": begins, "ends": ends})
    if form.is_valid() and done(request, "desk.order", form, lambda: keep_order(request, form)) is not None:
        messages.success(request, _("Saved. It holds from the next message on."))
        return see_other("desk:set-up-order")
    return page(request, "desk/setup/order.html", {}, form=form)


def ordered() -> list[tuple[str, str, list[str]]]:
    """Each text that goes to residents, its name, and its order now."""
    codes = dict.fromkeys(text.code for text in texts.all_texts() if text.channel in routes.DEFAULT)
    return [(code, log.name_of(code), routes.order(code)) for code in codes if code != testing.TEMPLATE]


def keep_order(request: HttpRequest, form: OrderForm) -> None:
    """Keep the orders and the hours, told on the office's timeline."""
    hours = [form.cleaned_data[name].strftime("%H:%M") for name in ("begins", "ends")]
    by = member_of(request).actor()
    office.change(by=by, at=now(), text_routes=office.get("text_routes") | form.routes(), quiet_hours=hours)


@staff_only("notify.resend")
def deliveries(request: HttpRequest) -> HttpResponse:
    """The newest first, by state, channel and kind; failures with their reason."""
    asked = log.Asked.of(request.GET)
    rows = queries.messages(**asked.filters, before=asked.before, limit=PAGE + 1)
    following = rows[PAGE - 1].pk if len(rows) > PAGE else None
    context = {"rows": log.shown(rows[:PAGE]), "next": following, "asked": asked, "states": Message.State.choices}
    return render(request, "desk/setup/deliveries.html", context | {"ways": log.ways(), "kinds": log.kinds()})


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

"""Set-up: what residents and members are told, with the preview of the same renderer that sends it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal
from chenyue.core.http import see_other
from chenyue.desk import deliveries
from chenyue.desk.forms.setup import TextForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.notify import actions, channels
from chenyue.notify import texts as held
from chenyue.people.http import staff_only


@staff_only("texts.edit")
def texts(request: HttpRequest) -> HttpResponse:
    """All texts in force."""
    rows = [
        {
            "code": text.code, "channel": text.channel, "name": text.subject or deliveries.name_of(text.code),
            "body": deliveries.BLANK.sub("…", text.body), "version": text.version,
            "way": way.name if way else text.channel,
        }
        for text in held.all_texts()
        for way in [channels.find(text.channel)]
    ]  # fmt: skip
    return render(request, "desk/setup/texts.html", {"texts": rows})


@staff_only("texts.edit")
def edit(request: HttpRequest, channel: str, code: str) -> HttpResponse:
    """A text with its blanks and its preview; `act=preview` shows without saving, `act=restore` takes it back."""
    text = text_of(code, channel)
    form = TextForm(request.POST or None, initial={"subject": text.subject, "body": text.body})
    by, at, act, preview = member_of(request).actor(), now(), request.POST.get("act", ""), None
    if act == "restore":
        actions.restore_text(code=code, channel=channel, by=by, at=at)
        return see_other("desk:set-up-texts")
    if form.is_valid() and act == "preview":
        preview = previewed(form, code, channel)
    elif form.is_valid():
        data = form.cleaned_data | {"code": code, "channel": channel}
        if done(request, "desk.text", form, lambda: {"v": actions.save_text(**data, by=by, at=at).version}) is not None:
            messages.success(request, _("Saved. It holds from the next message on."))
            return see_other("desk:set-up-texts")
    if preview is None and not form.errors:
        preview = held.preview(code, channel, text.subject, text.body)
    return page(
        request, "desk/setup/text.html", {"text": text, "preview": preview, "name": deliveries.name_of(code)}, form=form
    )


def text_of(code: str, channel: str) -> held.Text:
    """The text in force, or 404."""
    try:
        return held.get(code, channel)
    except KeyError as error:
        raise Http404 from error


def previewed(form: TextForm, code: str, channel: str) -> held.Preview | None:
    """As it would be sent; a blank that nothing fills is said at the field."""
    try:
        return held.preview(code, channel, form.cleaned_data["subject"], form.cleaned_data["body"])
    except Refusal as refusal:
        form.add_error("body", str(refusal.sentence))
        return None

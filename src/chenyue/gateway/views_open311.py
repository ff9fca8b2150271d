"""Staff pages of Open311: which services are open, keys of partners, words that may be read."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.catalogue.models import Category
from chenyue.core import http, site
from chenyue.core.acting import done, now, page
from chenyue.core.forms import Form
from chenyue.gateway.forms_open311 import KeyForm, RevokeForm, ServiceForm, WordsForm
from chenyue.gateway.models import OpenService, PartnerKey, PublishedWords
from chenyue.gateway.open311 import editing, keys, reading
from chenyue.people.http import staff_only
from chenyue.people.masking import mask_words

SHOWN = 30


@staff_only(keys.WORD)
def index(request: HttpRequest) -> HttpResponse:
    """The services that are open, and the keys."""
    categories = Category.objects.filter(active=True, parent__isnull=False).select_related("parent", "open_service")
    rows = [{"category": c, "service": getattr(c, "open_service", None)} for c in categories.order_by("code")]
    context = {
        "rows": [row for row in rows if row["service"]], "closed": [row for row in rows if not row["service"]],
        "keys": PartnerKey.objects.all()[:200], "address": site.whole(request, "/open311/discovery.json"),
    }  # fmt: skip
    return render(request, "gateway/open311/index.html", context)


@staff_only(keys.WORD)
def service(request: HttpRequest, code: str) -> HttpResponse:
    """How one category is open."""
    category = get_object_or_404(Category.objects.select_related("open_service"), code=code, parent__isnull=False)
    there: OpenService | None = getattr(category, "open_service", None)
    names = ("active", "public", "kind", "notice", "keywords")
    initial: dict[str, Any] = {name: getattr(there, name) for name in names} if there else {"active": True}
    initial["questions"] = editing.written(there.attributes) if there else ""
    form = ServiceForm(request.POST or None, initial=initial)
    if form.is_valid() and done(request, "gateway.service", form, lambda: keep(request, category, form)) is not None:
        messages.success(request, _("Saved."))
        return http.see_other("gateway:open311")
    return page(request, "gateway/open311/service.html", {"category": category}, form=form)


def keep(request: HttpRequest, category: Category, form: ServiceForm) -> None:
    """Keep how it is open."""
    found = dict(form.cleaned_data)
    typed = found.pop("questions")
    editing.open_service(category=category, typed=typed, by=http.actor(request), at=now(), **found)


@staff_only(keys.WORD)
def key(request: HttpRequest) -> HttpResponse:
    """A new key; its clear text is shown once, on the answer to the form, and never again."""
    form = KeyForm([(s.category.code, s.category.name) for s in reading.services()], request.POST or None)
    given: dict[str, str] = {}
    if form.is_valid() and done(request, "gateway.key", form, lambda: give(request, form, given)) is not None:
        if given:
            return render(request, "gateway/open311/given.html", given)
        return http.see_other("gateway:open311")  # sent twice: the first answer showed it
    return page(request, "gateway/open311/key.html", {}, form=form)


def give(request: HttpRequest, form: KeyForm, given: dict[str, str]) -> None:
    """Make the key; its text goes into `given`, not into what is kept of the form."""
    data = form.cleaned_data
    _key, given["text"] = keys.give(
        name=data["name"], owner=data["owner"], services=data["services"], test=data["test"], hourly=data["hourly"],
        expires_at=form.expires_at(), by=http.actor(request), at=now(),
    )  # fmt: skip


@staff_only(keys.WORD)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a key."""
    found = get_object_or_404(PartnerKey, pk=pk)
    form = RevokeForm(request.POST or None)
    if form.is_valid() and done(request, "gateway.revoke", form, lambda: end(request, found, form)) is not None:
        messages.success(request, _("The key has ended."))
        return http.see_other("gateway:open311")
    return page(request, "gateway/open311/revoke.html", {"key": found}, form=form)


def end(request: HttpRequest, found: PartnerKey, form: RevokeForm) -> None:
    """End it."""
    keys.revoke(key=found, words=form.cleaned_data["words"], by=http.actor(request), at=now())


@staff_only(editing.PUBLISH)
def words(request: HttpRequest) -> HttpResponse:
    """Appeals in public services whose words nobody looked through yet, and those that can be read."""
    waiting = [(a, WordsForm(initial={"words": mask_words(a.words)})) for a in reading.unpublished(SHOWN)]
    open_ones = PublishedWords.objects.select_related("appeal__case", "by").order_by("-at")[:SHOWN]
    return render(request, "gateway/open311/words.html", {"waiting": waiting, "published": open_ones})


@staff_only(editing.PUBLISH)
@require_POST
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """Let words be read outside, or no longer."""
    back = request.POST.get("act") == "back"
    form: Form = RevokeForm(request.POST) if back else WordsForm(request.POST)
    if form.is_valid() and done(request, "gateway.words", form, lambda: said(request, number, form)) is not None:
        messages.success(request, _("Saved."))
        return http.see_other("gateway:open311-words")
    return page(request, "gateway/open311/mend.html", {"number": number}, form=form)


def said(request: HttpRequest, number: str, form: Form) -> None:
    """Keep the words, or take them back."""
    by, at = http.actor(request), now()
    if isinstance(form, WordsForm):
        editing.publish(number=number, words=form.cleaned_data["words"], by=by, at=at)
    else:
        editing.take_back(number=number, by=by, at=at)

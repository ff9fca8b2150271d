"""Staff pages of WeCom: connections, who is who, what came in; one's own account, and chats that were forwarded."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from chenyue.core import http, site
from chenyue.core.acting import done, now, page
from chenyue.core.errors import Refusal
from chenyue.core.paging import Order, keyset
from chenyue.gateway.forms_wecom import LinkForm, PeopleTableForm, PersonForm, TryForm
from chenyue.gateway.models_wecom import WecomForward, WecomInbound, WecomLink, WecomPerson
from chenyue.gateway.views_chat import laid_out, own_home
from chenyue.gateway.wecom import forwards, inbox, known, links
from chenyue.people.http import member_of, staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may

SIZE = 50
Kind = WecomLink.Kind
MOST_TABLE = 5 * 1024 * 1024


@staff_only(known.WORD)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The connections there are, and those that could be made."""
    rows = list(WecomLink.objects.filter(ended_at=None))
    context = {"rows": rows, "kinds": Kind.choices, "bound": WecomPerson.objects.count()}
    return render(request, "gateway/wecom/index.html", context)


@sensitive_post_parameters()
@staff_only(known.WORD)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A new connection of a kind."""
    if kind not in Kind.values:
        raise Http404
    return _edited(request, kind, None)


@sensitive_post_parameters()
@staff_only(known.WORD)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a connection, try it out, or end it."""
    link = get_object_or_404(WecomLink, pk=pk, ended_at=None)
    act = request.POST.get("act", "")
    if act == "try":
        return _tried(request, link)
    if act == "end":
        links.end(link=link, by=http.actor(request), at=now())
        messages.success(request, _("The connection has ended; its secrets are forgotten."))
        return http.see_other("gateway:wecom")
    return _edited(request, link.kind, link)


def _edited(request: HttpRequest, kind: str, link: WecomLink | None) -> HttpResponse:
    form = LinkForm(kind, link, request.POST or None)
    if form.is_valid():
        found = done(request, "gateway.wecom", form, lambda: _save(request, form, kind, link))
        if found is not None:
            messages.success(request, _("Saved."))
            return http.see_other("gateway:wecom-edit", found["pk"])
    context: dict[str, Any] = {"link": link, "kind": Kind(kind), "try": TryForm(prefix="try") if link else None}
    if link is not None and kind in links.CALLED:
        context["callback"] = site.whole(request, f"/wecom/callback/{link.code}/")
    return page(request, "gateway/wecom/edit.html", context, form=form)


def _save(request: HttpRequest, form: LinkForm, kind: str, link: WecomLink | None) -> dict[str, Any]:
    row = links.save(link=link, kind=kind, given=form.cleaned_data, by=http.actor(request), at=now())
    return {"pk": row.pk}


def _tried(request: HttpRequest, link: WecomLink) -> HttpResponse:
    """Try what is kept; say what happened."""
    userid = request.POST.get("try-userid", "").strip()[:64]
    try:
        said = links.try_out(link=link, userid=userid, by=http.actor(request), at=now())
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, said)
    return http.see_other("gateway:wecom-edit", link.pk)


def _corporations() -> list[str]:
    rows = WecomLink.objects.filter(ended_at=None).exclude(corp_id="").order_by("pk")
    return list(dict.fromkeys(rows.values_list("corp_id", flat=True)))


@staff_only(known.WORD)
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Who is who: by hand, by a table, and those that are known."""
    corporations = _corporations()
    act = request.POST.get("act", "")
    form = PersonForm(corporations, request.POST if act == "bind" else None)
    table = PeopleTableForm(corporations, *((request.POST, request.FILES) if act == "load" else (None, None)))
    report = None
    if form.is_valid() and done(request, "gateway.wecom-bind", form, lambda: _bind(request, form)) is not None:
        messages.success(request, _("Saved."))
        return http.see_other("gateway:wecom-people")
    if table.is_valid():
        report = _loaded(request, table)
    order = Order("bound_at", descending=True)
    found = keyset(WecomPerson.objects.select_related("member__unit"), order, request.GET.get("cursor", ""), SIZE)
    context = {"page": found, "table": table, "report": report, "corporations": corporations}
    bad = form if act == "bind" else table if act == "load" else None
    answer = page(request, "gateway/wecom/people.html", context | {"form": form}, form=None)
    answer.status_code = 422 if bad is not None and bad.errors else 200
    return answer


def _bind(request: HttpRequest, form: PersonForm) -> None:
    data = form.cleaned_data
    member = Member.objects.get(pk=data["member"], is_active=True)
    known.bind(corp_id=data["corp_id"], userid=data["userid"], member=member, by=http.actor(request), at=now())


def _loaded(request: HttpRequest, form: PeopleTableForm) -> known.Report | None:
    """Bind what the table says; what it can't, is shown with its reason. Doing it twice does no harm."""
    file, corp_id = form.cleaned_data["table"], form.cleaned_data["table_corp"]
    try:
        if file.size > MOST_TABLE:
            raise Refusal(_("This file is larger than 5 MB."))
        by = http.actor(request)
        return known.load(data=file.read(), filename=file.name, corp_id=corp_id, by=by, at=now())
    except Refusal as refusal:
        form.add_error("table", str(refusal.sentence))
        return None


@staff_only()
@require_POST
def unbind(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody any more: one's own, or by who sets the office up."""
    member = member_of(request)
    person = get_object_or_404(WecomPerson.objects.select_related("member"), pk=pk)
    own = person.member_id == member.pk
    if not own and not may(member, known.WORD):
        raise Http404
    known.unbind(person=person, by=http.actor(request), at=now())
    messages.success(request, _("This WeCom account is nobody's any more."))
    return http.see_other("gateway:wecom-mine" if own else "gateway:wecom-people")


@staff_only(known.WORD)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """What came in: when, by which connection, of what kind, and what became of it; nobody's words."""
    rows = WecomInbound.objects.select_related("link").defer("body")
    outcome = request.GET.get("outcome", "")
    if outcome in WecomInbound.Outcome.values:
        rows = rows.filter(outcome=outcome)
    found = keyset(rows, Order("at", descending=True), request.GET.get("cursor", ""), SIZE)
    context = {"page": found, "outcome": outcome, "outcomes": WecomInbound.Outcome.choices}
    return render(request, "gateway/wecom/log.html", context)


@staff_only(known.WORD)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Work on a failed one again."""
    if inbox.again(get_object_or_404(WecomInbound, pk=pk), now()):
        messages.success(request, _("It is tried again now."))
    else:
        messages.info(request, _("There is nothing to try again."))
    return http.see_other("gateway:wecom-log")


@staff_only()
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """One's own accounts in WeCom, a code to bind one, and chats that wait to be ticked."""
    member, at = member_of(request), now()
    code = known.new_code(member=member, at=at) if request.method == "POST" else ""
    context = {
        "code": code, "minutes": int(known.LASTS.total_seconds() // 60),
        "connected": WecomLink.objects.filter(on=True, ended_at=None).exclude(kind=Kind.REPORT).exists(),
        "accounts": WecomPerson.objects.filter(member=member).order_by("pk"),
        "chats": WecomForward.objects.filter(member=member, until__gt=at).defer("body")[:20],
    }  # fmt: skip
    return render(request, "gateway/wecom/mine.html", context)


@staff_only("case.file")
@require_GET
def forward(request: HttpRequest, pk: int) -> HttpResponse:
    """A chat that I forwarded, read and laid out as if I had pasted it here."""
    at = now()
    member = member_of(request)
    row = get_object_or_404(WecomForward, pk=pk, member=member, until__gt=at)
    return laid_out(request, forwards.read(row, at), own_home(member), at)


@staff_only("case.file")
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """A chat that I forwarded isn't needed any more."""
    get_object_or_404(WecomForward, pk=pk, member=member_of(request)).delete()
    messages.success(request, _("Deleted here."))
    return http.see_other("gateway:wecom-mine")

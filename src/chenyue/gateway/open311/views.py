"""GeoReport v2 under /open311/v2/ and, to rehearse, /open311/test/v2/. The suffix alone chooses the format."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from chenyue.core import limits, office, site
from chenyue.core.errors import Refusal
from chenyue.gateway.models import OpenService, PartnerKey
from chenyue.gateway.open311 import formats, keys, reading, rules, taking

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
READ = limits.Limit("open311.read", 600, keys.HOUR)  # calls an hour from one address
WRONG = limits.Limit("open311.wrong", 60, keys.HOUR)  # keys that don't open, from one address
STATUS = {"403": 403, "404": 404, "429": 429}
View = Callable[..., HttpResponse]
BROKEN = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, MultiPartParserError, UnicodeDecodeError)


def answer(root: str, content: Any, form: str, status: int = 200) -> HttpResponse:
    """A document in the format of the suffix."""
    response = HttpResponse(formats.write(root, content, form), content_type=formats.TYPES[form], status=status)
    response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = "*"  # what is read here is public; nothing is by cookie
    return response


def errors(form: str, status: int, *sentences: Any) -> HttpResponse:
    """Why it was refused, in the format that was asked for."""
    found = [{"code": status, "description": str(sentence)} for sentence in sentences]
    return answer("errors", found, form, status)


def georeport(*methods: str) -> Callable[[View], View]:
    """A door of GeoReport: never a page of HTML, whatever happens; no session and no cookie is looked at."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, form: str, **kwargs: Any) -> HttpResponse:
            if form not in formats.TYPES:
                raise Http404
            stopped = _stopped(request, methods, form)
            return stopped or _told(lambda: view(request, *args, form=form, **kwargs), form)

        return inner

    return wrap


def _stopped(request: HttpRequest, methods: tuple[str, ...], form: str) -> HttpResponse | None:
    """What is refused before anything is looked at."""
    if request.method not in methods:
        return errors(form, 400, _("This method isn't possible here."))
    jurisdiction = request.GET.get("jurisdiction_id", "")
    if jurisdiction and jurisdiction != _host(request):
        return errors(form, 404, _("jurisdiction_id isn't known here."))
    if request.method == "GET" and not limits.passes([(READ, limits.address(request))], timezone.now()):
        return errors(form, 429, _("Too many requests in this hour. Try again later."))
    return None


def _told(view: Callable[[], HttpResponse], form: str) -> HttpResponse:
    """The answer, or why there is none, in the format that was asked for."""
    try:
        return view()
    except Http404:
        return errors(form, 404, _("This doesn't exist here."))
    except Refusal as refusal:
        return errors(form, STATUS.get(refusal.code or "", 400), refusal.sentence)
    except BROKEN:
        return errors(form, 400, _("This request can't be read, or is too large."))


def _host(request: HttpRequest) -> str:
    return site.whole(request, "/").split("//", 1)[-1].strip("/")


@georeport("GET", "HEAD")
def discovery(request: HttpRequest, *, form: str) -> HttpResponse:
    """Where the endpoints are, and when their services changed last."""
    changed = reading.stamp(reading.changed_at()) or "2026-01-01T00:00:00+08:00"

    def endpoint(kind: str, path: str) -> dict[str, Any]:
        return {
            "specification": SPECIFICATION, "url": site.whole(request, path), "changeset": changed, "type": kind,
            "formats": ["text/xml", "application/json"],
        }  # fmt: skip

    phone, address = office.get("phone"), office.get("address")
    found = {
        "changeset": changed,
        "contact": " ".join(filter(None, (office.get("name"), phone, address))),
        "key_service": _("Keys are given by %(office)s, %(phone)s") % {"office": office.get("name"), "phone": phone},
        "endpoints": [endpoint("production", "/open311/v2"), endpoint("test", "/open311/test/v2")],
    }
    return answer("discovery", found, form)


@georeport("GET", "HEAD")
def services(request: HttpRequest, *, form: str, test: bool = False) -> HttpResponse:
    """What may be filed."""
    return answer("services", [reading.service_row(s) for s in reading.services()], form)


@georeport("GET", "HEAD")
def service(request: HttpRequest, code: str, *, form: str, test: bool = False) -> HttpResponse:
    """What is asked beside the words."""
    found = _service(code)
    attributes = [
        {
            "variable": one["variable"], "code": one["code"], "datatype": one["datatype"],
            "required": one["required"], "datatype_description": one["datatype_description"] or None,
            "order": order, "description": one["description"], "values": one["values"],
        }
        for order, one in enumerate(found.attributes, start=1)
    ]  # fmt: skip
    return answer("service_definition", {"service_code": code, "attributes": attributes}, form)


def _service(code: str) -> OpenService:
    found = reading.services().filter(category__code=code).first()
    if found is None:
        raise rules.refused(_("service_code isn't known here."), "404")
    return found


@sensitive_post_parameters()
@georeport("GET", "HEAD", "POST")
def requests(request: HttpRequest, *, form: str, test: bool = False) -> HttpResponse:
    """Ask for service requests, or file one."""
    return _post(request, form, test) if request.method == "POST" else _list(request, form, test)


def _list(request: HttpRequest, form: str, test: bool) -> HttpResponse:
    given, at = {name: str(value).strip() for name, value in request.GET.items()}, timezone.now()
    start, end = (rules.moment(name, given.get(name, "")) for name in ("start_date", "end_date"))
    since, until = rules.window(start, end, at)
    states = rules.listed(given.get("status", ""))
    if unknown := [state for state in states if state not in ("open", "closed")]:
        raise rules.refused(_("status is open or closed, not “%(value)s”.") % {"value": unknown[0][:40]})
    found = [] if test else reading.asked(
        numbers=rules.listed(given.get("service_request_id", ""))[: rules.MOST],
        codes=rules.listed(given.get("service_code", ""))[:200],
        states=states,
        start=since,
        end=until,
        page=rules.number("page", given.get("page", ""), 10_000) or 1,
        size=rules.number("page_size", given.get("page_size", ""), rules.MOST) or rules.MOST,
    )  # fmt: skip
    return answer("service_requests", [reading.request_row(a) for a in found], form)


def _post(request: HttpRequest, form: str, test: bool) -> HttpResponse:
    sent = {name: request.POST.getlist(name) for name in request.POST}
    code, at = taking.one(sent, "service_code"), timezone.now()
    key = _holder(request, taking.one(sent, "api_key"), test=test, code=code, at=at)
    if not code:
        raise rules.refused(_("service_code is required."))
    found = _service(code)
    if test:
        taking.checked(found, sent)
        return answer("service_requests", [_filed(found, "TEST-0001", "TEST-0001")], form)
    retry = request.headers.get("Idempotency-Key", "")[:200]
    files = [file for name in request.FILES for file in request.FILES.getlist(name)]
    taken = taking.take(service=found, key=key, sent=sent, files=files, retry_key=retry, at=at)
    return answer("service_requests", [_filed(found, taken.appeal.number, taken.token)], form)


def _holder(request: HttpRequest, text: str, *, test: bool, code: str, at: datetime) -> PartnerKey:
    """The key behind a call; who tries many that don't open is stopped by address before any is looked up."""
    address = limits.address(request)
    if limits.reached(WRONG, address, at):
        raise rules.refused(_("Too many requests in this hour. Try again later."), "429")
    try:
        return keys.holder(text, test=test, code=code, at=at)
    except Refusal as refusal:
        if refusal.code == "403":
            limits.note(WRONG, address, at)
        raise


def _filed(service: OpenService, number: str, token: str) -> dict[str, Any]:
    """A number, or a token, or neither: as the service says."""
    shown = {"service_notice": service.notice or None, "account_id": None}
    if service.kind == OpenService.Kind.REALTIME:
        return {"service_request_id": number} | shown
    return ({"token": token} if service.kind == OpenService.Kind.BATCH else {}) | shown


@georeport("GET", "HEAD")
def one(request: HttpRequest, number: str, *, form: str, test: bool = False) -> HttpResponse:
    """One service request. A private one and one that never was are answered alike."""
    found = None if test else reading.visible().filter(number=number).first()
    if found is None:
        raise rules.refused(_("service_request_id isn't known here."), "404")
    return answer("service_requests", [reading.request_row(found)], form)


@georeport("GET", "HEAD")
def token(request: HttpRequest, token: str, *, form: str, test: bool = False) -> HttpResponse:
    """The number behind a token, as soon as there is one."""
    found = None if test else reading.by_token(token)
    if found is None:
        raise rules.refused(_("This token isn't known here."), "404")
    row = {"token": found[0]} | ({"service_request_id": found[1]} if found[1] else {})
    return answer("service_requests", [row], form)


@csrf_exempt
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address below: not found, in JSON if it ends so, else in XML."""
    return errors(formats.JSON if rest.endswith(".json") else formats.XML, 404, _("This doesn't exist here."))

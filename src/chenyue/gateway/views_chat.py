"""Chat import: paste, look, tick, file. Between the steps the chat travels in the form; nothing is stored."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.cases import similar
from chenyue.cases.queries import visible
from chenyue.catalogue.queries import catalogue
from chenyue.core import http
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.gateway.chat import answers, drafts, filing, pages
from chenyue.gateway.chat.fingerprints import fingerprints
from chenyue.gateway.chat.messages import Transcript
from chenyue.gateway.chat.understanding import letter as letter_of
from chenyue.gateway.chat.understanding import understand
from chenyue.gateway.forms_chat import ChatForm, place_of
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.queries import scopes
from chenyue.places.queries import gazetteer

DONE = "gateway.chat.done"
LIKELY = 0.45  # score from which an open case is offered to join


@sensitive_post_parameters()
@staff_only("case.file")
@require_http_methods(["GET", "POST"])
def chat(request: HttpRequest) -> HttpResponse:
    """The form; sent with a chat, the chat as it was understood."""
    member, at = _member(request), timezone.now()
    form = ChatForm(request.POST or None, request.FILES or None, initial={"home": _own_place(member)})
    if form.is_valid():
        try:
            read = form.transcript(at)
        except Refusal as refusal:
            refused(form, Refusal(refusal.sentence, field="chosen" if refusal.field == "file" else "pasted"))
        else:
            return laid_out(request, read, form.place(), at)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "gateway/chat/paste.html", {"form": form}, status=status)


@sensitive_post_parameters()
@staff_only("case.file")
@require_POST
def chat_file(request: HttpRequest) -> HttpResponse:
    """File what is ticked, or (`act=arrange`) show the chat again as it was moved about."""
    member = _member(request)
    try:
        draft = drafts.unpacked(request.POST.get("draft", ""), member.pk)
    except Refusal as refusal:
        form = refused(ChatForm({}), refusal)
        return render(request, "gateway/chat/paste.html", {"form": form}, status=422)
    ticked = _rearranged(request, draft)
    if request.POST.get("act") == "arrange":
        return _arranged(request, draft, ticked=ticked)
    try:
        result, _fresh = http.once(
            request, "gateway.chat", lambda: _file(draft, ticked, member, request.POST), _content(request)
        )
    except Refusal as refusal:
        return _arranged(request, draft, ticked=ticked, refusal=refusal)
    return http.see_other("gateway:chat-done", signing.dumps(dict(sorted(result.items())), salt=DONE, compress=True))


@staff_only("case.file")
@require_GET
def chat_done(request: HttpRequest, token: str) -> HttpResponse:
    """What was filed: numbers, and words to paste back into the group."""
    try:
        result: dict[str, Any] = signing.loads(token, salt=DONE, max_age=drafts.LASTS)
    except signing.BadSignature as error:
        raise Http404 from error
    if result["who"] != _member(request).pk:
        raise Http404
    rows = answers.rows(result, _member(request))
    words = answers.words([row for row in rows if row.numbered], catalogue())
    return render(request, "gateway/chat/done.html", {"result": result, "rows": rows, "words": words})


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def laid_out(request: HttpRequest, read: Transcript, home: int | None, at: datetime) -> HttpResponse:
    """A chat that was read, as it was understood: to look at, move about and tick."""
    found = understand(read, at, home_id=home)
    names = {one.place_id: _name(one.place_id) for one in found.incidents if one.place_id}
    draft = drafts.drafted(read.messages, found, read.group, names)
    return _arranged(request, draft, ticked=None, broken=read.broken)


def own_home(member: Member) -> int | None:
    """The building of a steward who has one."""
    return place_of(_own_place(member))


def _own_place(member: Member) -> str:
    """A steward of one building need not say which."""
    own = {scope.place_id for scope in scopes(member, "case.file")}
    return _name(own.pop() or 0) if len(own) == 1 else ""


def _name(place_id: int | None) -> str:
    info = gazetteer().get(place_id)
    return info.full_name if info else ""


def _content(request: HttpRequest) -> dict[str, Any]:
    return {name: request.POST.getlist(name) for name in request.POST if name not in ("csrfmiddlewaretoken", http.KEY)}


def _rearranged(request: HttpRequest, draft: drafts.Draft) -> set[int]:
    """Take over what the form says: where each message belongs, where each incident is, what is ticked."""
    added = dict(_tick(value) for value in request.POST.getlist("tick"))
    ticked = {i for i in added if 0 <= i < len(draft.messages)}
    fresh = letter_of(len(draft.matters))
    for i in range(len(draft.messages)):
        to = request.POST.get(f"to-{i}", added.get(i) or None)
        if to is not None and (to in draft.matters or to in (fresh, "")):
            draft.letters[i] = to
    if fresh in draft.letters:
        draft.matters[fresh] = drafts.Matter(draft.home_id, _name(draft.home_id))
    for letter, matter in draft.matters.items():
        words = request.POST.get(f"place-{letter}", matter.place).strip()[:80]
        if words != matter.place:
            matter.place, matter.place_id = words, place_of(words, draft.home_id)
    return ticked


def _tick(value: str) -> tuple[int, str]:
    """`12`, or `12:A` for chatter that is to go to A; what is neither is nobody's message."""
    index, _colon, letter = value.partition(":")
    return (int(index) if re.fullmatch(r"\d{1,5}", index, re.ASCII) else -1), letter


def _arranged(
    request: HttpRequest,
    draft: drafts.Draft,
    *,
    ticked: set[int] | None,
    broken: Any = (),
    refusal: Refusal | None = None,
) -> HttpResponse:
    member = _member(request)
    prints = fingerprints(draft.messages, draft.home_id)
    known = filing.known_lines(prints)
    numbers = {appeal.case.number for appeal in known.values()}
    seen = set(visible(member).filter(number__in=numbers).values_list("number", flat=True)) if numbers else set()
    sheet = pages.sheet(draft, known, seen, ticked)
    chosen = request.POST if ticked is not None else {}
    sheet.incidents = [_with_near(draft, one, member, chosen) for one in sheet.incidents]
    context = {
        "sheet": sheet,
        "draft": drafts.packed(draft, member.pk),
        "home": _name(draft.home_id),
        "group": draft.group,
        "whole": len(draft.messages),
        "broken": list(broken)[:20],
        "refusal": refusal,
    }
    return render(request, "gateway/chat/arrange.html", context, status=422 if refusal else 200)


def _with_near(draft: drafts.Draft, one: pages.Shown, member: Member, chosen: Mapping[str, str]) -> pages.Shown:
    """The incident with the likeliest open case that it may belong to; one that is known joins its own."""
    if one.known or not one.matter.place_id:
        return one
    words = "\n".join(draft.messages[i].words for i in draft.members(one.letter))[:600]
    code = next((c.code for c in catalogue().leaves() if c.name == one.matter.category), None)
    at = timezone.now()
    found = similar.similar(words, place_id=one.matter.place_id, category_code=code, at=at, member=member, limit=1)
    near = found[0] if found and found[0].score >= LIKELY else None
    into = chosen.get(f"into-{one.letter}", "")
    return replace(one, near=near, into=into if near and into == near.number else "")


def _file(draft: drafts.Draft, ticked: set[int], member: Member, into: Mapping[str, str]) -> dict[str, Any]:
    prints = fingerprints(draft.messages, draft.home_id)
    incidents = []
    for letter, matter in draft.matters.items():
        mine = [draft.messages[i] for i in draft.members(letter) if i in ticked]
        keyed = {m.id: prints[i] for i, m in enumerate(draft.messages) if i in ticked}
        told = "" if matter.place_id else matter.place
        number = into.get(f"into-{letter}", "")[:20]
        incidents.append(filing.Ticked(letter, mine, keyed, matter.place_id, told, number))
    outcome = filing.file_ticked(incidents, draft.group, member, timezone.now())
    return {"who": member.pk, **vars(outcome)}

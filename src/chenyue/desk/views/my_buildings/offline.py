"""What works without a network: the worker, the page it keeps, and the door for what was written meanwhile."""

import json
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.core.errors import Refusal
from chenyue.desk import kept_drafts, my_buildings
from chenyue.desk.forms.my_buildings import ReportForm, VisitForm
from chenyue.desk.http import member_of
from chenyue.desk.views.my_buildings import reporting, visits
from chenyue.people.http import staff_only
from chenyue.stewards import reach

WORKER = Path(__file__).parents[2] / "static" / "desk" / "doors_worker.js"
SHEETS = ("tokens", "base", "components", "frame", "print")
VIEWS = {"desk:my-buildings-report": reporting.report, "desk:my-buildings-visit": visits.visit}


def assets() -> list[str]:
    """What the kept page needs: style, scripts, icons."""
    names = [f"core/css/{name}.css" for name in SHEETS]
    names += ["core/vendor/icons.svg", "core/icon.svg", "core/js/page.js", "core/js/forms.js", "desk/my_buildings.js"]
    return [static(name) for name in names]


def worker(request: HttpRequest) -> HttpResponse:
    """The script of the worker; it says nothing about anybody, and reaches no further than these pages."""
    told = {
        "shell": reverse("desk:my-buildings-offline"),
        "home": reverse("desk:my-buildings"),
        "kept": reverse("desk:my-buildings-kept"),
        "pulse": reverse("desk:my-buildings-pulse"),
        "forms": [reverse(name) for name in VIEWS],
        "signIn": f"{reverse('people:sign-in')}?next={reverse('desk:my-buildings')}",
        "assets": assets(),
        "gone": str(_("There is no network, and nothing is kept here yet.")),
    }
    script = f"const OFFICE = {json.dumps(told)};\n{WORKER.read_text('utf-8')}"
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@staff_only(reach.WORD)
def shell(request: HttpRequest) -> HttpResponse:
    """The page for without a network: empty forms and the names of buildings, nothing about anybody."""
    mine = my_buildings.mine(member_of(request))
    forms = {
        "report": ReportForm(buildings=mine.choices, auto_id="report_%s"),
        "visit": VisitForm(buildings=mine.choices, auto_id="visit_%s"),
    }
    return render(request, "desk/my_buildings/offline.html", {"mine": mine} | forms)


@staff_only(reach.WORD)
def pulse(request: HttpRequest) -> HttpResponse:
    """Whether one is signed in, the token that goes with what is sent, and whose drafts may go."""
    return JsonResponse({"csrf": get_token(request), "key": kept_drafts.public_key(member_of(request))})


@staff_only(reach.WORD)
@require_POST
def kept(request: HttpRequest) -> Any:
    """A draft that was sealed on the telephone: opened and taken as if its form came now."""
    upload = request.FILES.get("sealed")
    if upload is None or (upload.size or 0) > kept_drafts.MOST:
        raise Refusal(_("This draft was written by somebody else, or is damaged."), code="sealed")
    draft = kept_drafts.open_sealed(upload.read(), member_of(request))
    view = next((view for name, view in VIEWS.items() if draft.path == reverse(name)), None)
    if view is None:
        raise Refusal(_("This draft was written by somebody else, or is damaged."), code="sealed")
    kept_drafts.put_on(request, draft)
    return view(request)

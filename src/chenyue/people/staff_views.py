"""Units, members, roles and grants: the pages of whoever manages people."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.forms import Form, refused
from chenyue.core.http import actor, once, see_other
from chenyue.people import actions, factors, permissions, queries
from chenyue.people.forms import GrantForm, MemberForm, RoleForm, UnitForm
from chenyue.people.http import staff_only
from chenyue.people.models import Grant, Member, Role, Unit
from chenyue.people.rules import may

View = Callable[..., HttpResponse]
FORM = require_http_methods(["GET", "POST"])


def keepers_only(view: View) -> View:
    """Only for those who manage people everywhere: within bounds they could grant themselves the rest."""

    @staff_only("people.edit")
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user, "people.edit", unit_ids=(), place_ids=()):
            raise NotAllowed()
        return view(request, *args, **kwargs)

    return inside


def _save(request: HttpRequest, door: str, form: Form, act: Callable[..., dict[str, Any]]) -> dict[str, Any] | None:
    """Run `act(by=, at=, **form)` once; None if the form isn't sent, not valid or refused (errors are on it)."""
    if not form.is_bound or not form.is_valid():
        return None
    at = timezone.now()
    content = {name: str(value) for name, value in form.cleaned_data.items()}
    try:
        result, _ran = once(
            request, door, lambda: act(by=actor(request), at=at, **form.cleaned_data), content=content, at=at
        )
    except Refusal as refusal:
        refused(form, refusal)
        return None
    return result


def _act(request: HttpRequest, door: str, act: Callable[..., Any], sentence: str, back: HttpResponse) -> HttpResponse:
    """A button: run `act(by=, at=)` once, say what came of it, go back."""
    at = timezone.now()
    try:
        once(request, door, lambda: {"done": bool(act(by=actor(request), at=at) or True)}, at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, sentence)
    return back


@keepers_only
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """All members."""
    return render(request, "people/members.html", {"members": queries.member_list(), "tab": "members"})


@keepers_only
@FORM
def new_member(request: HttpRequest) -> HttpResponse:
    """Add a member; the start password is shown once, in the answer to the post."""
    form = MemberForm(request.POST or None)
    shown: dict[str, str] = {}

    def add(**data: Any) -> dict[str, Any]:
        member, shown["password"] = actions.add_member(**data)
        return {"member": member.pk}

    result = _save(request, "people.new-member", form, add)
    if result is None:
        context = {"form": form, "tab": "members"}
        return render(request, "people/member_form.html", context, status=422 if form.errors else 200)
    if "password" not in shown:
        messages.info(request, _("This member was already added. The start password was shown once."))
        return see_other("people:member", result["member"])
    return _start_password(request, Member.objects.get(pk=result["member"]), shown["password"])


def _start_password(request: HttpRequest, member: Member, password: str) -> HttpResponse:
    context = {"member": member, "password": password, "tab": "members"}
    return render(request, "people/start_password.html", context)


@keepers_only
@FORM
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: own data, grants, and what may be done with the account."""
    found = get_object_or_404(Member.objects.select_related("unit"), pk=pk)
    form = MemberForm(request.POST or None, initial=MemberForm.of(found), adding=False)

    def save(**data: Any) -> dict[str, Any]:
        return {"member": actions.save_member(member=found, **data).pk}

    if _save(request, f"people.member:{pk}", form, save) is not None:
        messages.success(request, _("Saved."))
        return see_other("people:member", pk)
    return _member_page(request, found, form, GrantForm())


def _member_page(request: HttpRequest, found: Member, form: MemberForm, grant_form: GrantForm) -> HttpResponse:
    context = {
        "member": found,
        "form": form,
        "grant_form": grant_form,
        "grants": found.grants.select_related("role", "unit", "place").order_by("pk"),
        "tab": "members",
    }
    status = 422 if form.errors or grant_form.errors else 200
    return render(request, "people/member.html", context, status=status)


@keepers_only
@require_POST
def member_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a member in, or no longer."""
    found = get_object_or_404(Member, pk=pk)
    wanted = request.POST.get("active") == "yes"
    act = actions.activate_member if wanted else actions.deactivate_member
    sentence = _("%(name)s may sign in again.") if wanted else _("%(name)s may no longer sign in.")
    return _act(
        request,
        f"people.active:{pk}",
        lambda **who: act(member=found, **who),
        sentence % {"name": found.name},
        see_other("people:member", pk),
    )


@keepers_only
@require_POST
def member_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new start password, shown once."""
    found = get_object_or_404(Member, pk=pk)
    shown: dict[str, str] = {}
    at = timezone.now()

    def reset() -> dict[str, Any]:
        shown["password"] = actions.reset_password(member=found, by=actor(request), at=at)
        return {}

    once(request, f"people.password:{pk}", reset, at=at)
    if "password" not in shown:
        messages.info(request, _("A start password is shown once. Make a new one if it is lost."))
        return see_other("people:member", pk)
    return _start_password(request, found, shown["password"])


@keepers_only
@require_POST
def member_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a member's second factor away (a lost telephone)."""
    found = get_object_or_404(Member, pk=pk)
    return _act(
        request,
        f"people.factor:{pk}",
        lambda **who: factors.remove(member=found, **who),
        _("The second factor is removed."),
        see_other("people:member", pk),
    )


@keepers_only
@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member a role."""
    found = get_object_or_404(Member.objects.select_related("unit"), pk=pk)
    form = GrantForm(request.POST)

    def act(**data: Any) -> dict[str, Any]:
        return {"grant": actions.give_grant(member=found, **data).pk}

    if _save(request, f"people.give:{pk}", form, act) is None:
        return _member_page(request, found, MemberForm(initial=MemberForm.of(found), adding=False), form)
    messages.success(request, _("Given."))
    return see_other("people:member", pk)


@keepers_only
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role away."""
    grant = get_object_or_404(Grant.objects.select_related("member", "role", "unit", "place"), pk=pk)
    return _act(
        request,
        f"people.take:{pk}",
        lambda **who: actions.take_grant(grant=grant, **who),
        _("Taken away."),
        see_other("people:member", grant.member_id),
    )


@keepers_only
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """All units."""
    return render(request, "people/units.html", {"units": queries.unit_list(), "tab": "units"})


@keepers_only
@FORM
def new_unit(request: HttpRequest) -> HttpResponse:
    """Add a unit."""
    form = UnitForm(request.POST or None)

    def add(**data: Any) -> dict[str, Any]:
        if Unit.objects.filter(code=data["code"]).exists():
            raise Refusal(_("This code is taken."), field="code", code="taken")
        return {"unit": actions.save_unit(**data).code}

    result = _save(request, "people.new-unit", form, add)
    if result is None:
        context = {"form": form, "tab": "units"}
        return render(request, "people/unit_form.html", context, status=422 if form.errors else 200)
    messages.success(request, _("Added."))
    return see_other("people:units")


@keepers_only
@FORM
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a unit."""
    found = get_object_or_404(Unit, code=code)
    form = UnitForm(request.POST or None, initial=UnitForm.of(found), adding=False)

    def save(**data: Any) -> dict[str, Any]:
        return {"unit": actions.save_unit(code=code, unit=found, **data).code}

    if _save(request, f"people.unit:{code}", form, save) is None:
        context = {"form": form, "unit": found, "tab": "units"}
        return render(request, "people/unit_form.html", context, status=422 if form.errors else 200)
    messages.success(request, _("Saved."))
    return see_other("people:units")


@keepers_only
@require_POST
def unit_active(request: HttpRequest, code: str) -> HttpResponse:
    """Let a unit take work, or no more."""
    found = get_object_or_404(Unit, code=code)
    wanted = request.POST.get("active") == "yes"
    sentence = _("%(name)s takes work again.") if wanted else _("%(name)s takes no more work.")
    return _act(
        request,
        f"people.unit-active:{code}",
        lambda **who: actions.set_unit_active(unit=found, active=wanted, **who),
        sentence % {"name": found.name},
        see_other("people:units"),
    )


@keepers_only
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """All roles and what they allow."""
    rows = [
        (role, [permissions.WORDS[w] for w in role.permissions if w in permissions.WORDS])
        for role in queries.role_list()
    ]
    return render(request, "people/roles.html", {"roles": rows, "tab": "roles"})


@keepers_only
@FORM
def new_role(request: HttpRequest) -> HttpResponse:
    """Add a role."""
    return _role(request, None)


@keepers_only
@FORM
def role(request: HttpRequest, code: str) -> HttpResponse:
    """Change a role."""
    return _role(request, get_object_or_404(Role, code=code))


def _role(request: HttpRequest, found: Role | None) -> HttpResponse:
    initial = {"name": found.name, "permissions": found.permissions} if found else None
    form = RoleForm(request.POST or None, initial=initial, adding=found is None)

    def save(**data: Any) -> dict[str, Any]:
        words = data.pop("permissions")
        code = data.pop("code", found.code if found else "")
        return {"role": actions.save_role(role=found, code=code, words=words, **data).code}

    if _save(request, f"people.role:{found.code if found else ''}", form, save) is None:
        context = {"form": form, "role": found, "tab": "roles"}
        return render(request, "people/role_form.html", context, status=422 if form.errors else 200)
    messages.success(request, _("Saved."))
    return see_other("people:roles")

"""Our controls are Django's, letter by letter."""

import re
from datetime import date, datetime

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from chenyue.core.forms import Form
from chenyue.core.widgets import Renderer, Select

EVIL = "\"><script>alert(1)</script>&'"
CHOICES = [("", "–"), ("组", [("1", "一"), (EVIL, EVIL)]), (2, "二")]


class Everything(forms.Form):
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "data-autogrow": "", "x": True, "y": False}))
    line = forms.CharField(max_length=9, widget=forms.TextInput(attrs={"data-x": EVIL}))
    search = forms.CharField(widget=forms.TextInput(attrs={"type": "search"}))
    hidden = forms.CharField(widget=forms.HiddenInput)
    secret = forms.CharField(widget=forms.PasswordInput)
    mail = forms.EmailField()
    number = forms.IntegerField(min_value=1, max_value=9999)
    share = forms.DecimalField()
    day = forms.DateField()
    moment = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
    yes = forms.BooleanField()
    one = forms.ChoiceField(choices=CHOICES)
    maybe = forms.NullBooleanField()
    some = forms.MultipleChoiceField(choices=CHOICES)
    radios = forms.ChoiceField(choices=[("a", EVIL), ("b", mark_safe("<b>b</b>"))], widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    photos = forms.FileField()
    cleared = forms.FileField(widget=forms.ClearableFileInput)


GIVEN = {
    "words": f"一\n{EVIL}", "line": EVIL, "search": "1234567", "hidden": 12345, "secret": "x", "mail": "a@b.cn",
    "number": 1234, "share": "1234.5", "day": date(2026, 11, 22), "moment": datetime(2026, 11, 22, 8, 40),
    "yes": True, "one": EVIL, "maybe": True, "some": ["1", 2], "radios": "b", "boxes": [EVIL],
}  # fmt: skip


def pieces(html: str) -> str:
    return re.sub(r"\s+", " ", html)


@pytest.mark.parametrize("name", list(Everything.base_fields))
@pytest.mark.parametrize("given", [{}, GIVEN], ids=["empty", "filled"])
@pytest.mark.parametrize("bound", [False, True])
def test_same_as_django(name: str, given: dict[str, object], bound: bool) -> None:
    def shown(renderer: object) -> list[str]:
        form = Everything(given, renderer=renderer) if bound else Everything(initial=given, renderer=renderer)
        field = form[name]
        parts = [str(sub) for sub in field.subwidgets] if name in ("radios", "boxes") else []
        parts += [sub.tag() for sub in field.subwidgets] if name in ("radios", "boxes") else []
        return [pieces(str(field)), *map(pieces, parts)]

    assert shown(Renderer()) == shown(DjangoTemplates())


@pytest.mark.parametrize("value", ["", None, "1", EVIL, 2, "nothing known", ["1"]])
def test_the_quick_select_is_djangos(value: object) -> None:
    choices = [*CHOICES, (None, mark_safe("<b>b</b>")), ("1", "twice")]
    attrs = {"id": "id_x", "data-x": EVIL, "required": True}
    ours = Select(choices=choices).render("x", value, attrs, Renderer())
    assert pieces(ours) == pieces(forms.Select(choices=choices).render("x", value, attrs, DjangoTemplates()))


def test_what_is_somebody_elses_is_never_filled_in_by_the_browser() -> None:
    class Told(Form):
        applicant_phone = forms.CharField()
        id_number = forms.CharField()
        pin = forms.CharField(widget=forms.PasswordInput)
        phone = forms.CharField()

    said = {name: field.widget.attrs.get("autocomplete") for name, field in Told().fields.items()}
    assert said == {"applicant_phone": "off", "id_number": "off", "pin": "off", "phone": "tel"}

"""Fills forms as a person might: reads what the page shows, keeps what stands there, adds what is empty."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

WORDS = "照约定办理，已经当面说明，对方没有意见。"
PHONE = "13800000009"
BY_NAME = (  # the first part of a field's name that fits says what to write there
    ("phone", PHONE),
    ("email", "he@example.org"),
    ("id_number", "11010119900307803X"),
    ("receipt", ""),
    ("name", "何晓芸"),
    ("code", "xin-8"),
)


@dataclass
class Field:
    """A control of a form: its kind, what stands in it, and what may be chosen."""

    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    checked: bool = False
    accept: str = ""
    least: str = ""


@dataclass
class Form:
    """A form of a page; fields by their name."""

    action: str
    fields: dict[str, list[Field]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._text: Field | None = None
        self._select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(found.get("action", "") if found.get("method", "").lower() == "post" else "get")
            self.forms.append(self._form)
        elif tag == "option" and self._select is not None:
            self._select.options.append(found.get("value", ""))
            if "selected" in found:
                self._select.value = found.get("value", "")
        elif tag in ("input", "select", "textarea", "button") and self._form is not None and found.get("name"):
            self._control(tag, found)

    def _control(self, tag: str, found: dict[str, str]) -> None:
        kind = found.get("type", "text") if tag == "input" else tag
        value, accept, least = (found.get(name, "") for name in ("value", "accept", "min"))
        made = Field(kind, value, [], "checked" in found, accept, least)
        assert self._form is not None
        self._form.fields.setdefault(found["name"], []).append(made)
        self._text = made if tag == "textarea" else None
        self._select = made if tag == "select" else self._select

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = None


def forms(html: str) -> list[Form]:
    """The forms of a page that are sent by POST."""
    reader = _Reader()
    reader.feed(html)
    return [form for form in reader.forms if form.action != "get"]


def filled(form: Form, *, eager: bool) -> dict[str, Any]:
    """What a browser would send for it; `eager` ticks every box and writes into every empty field."""
    told: dict[str, Any] = {}
    for name, controls in form.fields.items():
        value = _value(name, controls, eager)
        if value not in ("", None, []):
            told[name] = value
    return told


def _value(name: str, controls: list[Field], eager: bool) -> Any:
    first = controls[0]
    if first.kind == "radio":
        return next((c.value for c in controls if c.checked), controls[0].value)
    if first.kind == "checkbox":
        ticked = [c.value or "on" for c in controls if c.checked or eager]
        return ticked
    if first.kind == "button":
        return first.value
    if first.value:
        return first.value
    if first.kind == "select":
        return next((option for option in first.options if option), "")
    return _typed(name, first)


def _typed(name: str, control: Field) -> Any:
    day = timezone.localdate() + timedelta(days=1)
    by_kind: dict[str, Any] = {
        "hidden": "",
        "submit": "",
        "search": "",
        "date": day.isoformat(),
        "datetime-local": f"{day.isoformat()}T10:00",
        "month": day.isoformat()[:7],
        "time": "10:00",
        "number": control.least or "1",
        "tel": PHONE,
        "email": "he@example.org",
        "password": "lanwan-2026-night",
    }
    if control.kind == "file":
        return _file(control.accept)
    if control.kind in by_kind:
        return by_kind[control.kind]
    return next((value for part, value in BY_NAME if part in name), WORDS)


def _file(accept: str) -> SimpleUploadedFile:
    if "image" in accept or not accept:
        return SimpleUploadedFile("a.jpg", _photo(), "image/jpeg")
    if "pdf" in accept:
        return SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    return SimpleUploadedFile("a.csv", "名称\n一\n".encode(), "text/csv")


@cache
def _photo() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    return out.getvalue()

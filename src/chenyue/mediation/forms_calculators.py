"""The form of a calculator, drawn from `calculators.asked`: single fields and groups of rows."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.mediation.calculators.asked import ASKED, Ask, Group
from chenyue.mediation.calculators.outcome import Wrong
from chenyue.mediation.calculators.words import FAULTS

MORE = 3  # rows that are added at once
_COMMAS = re.compile(r"[,，、;；\n]")


def _field(ask: Ask) -> forms.Field:
    shared: dict[str, Any] = {"label": ask.label, "required": False, "help_text": ask.help}
    if ask.kind == "choice":
        return forms.ChoiceField(choices=[("", "—"), *ask.choices.items()], **shared)
    if ask.kind == "flag":
        return forms.BooleanField(**shared)
    if ask.kind == "date":
        return forms.CharField(max_length=20, widget=forms.DateInput(attrs={"type": "date"}), **shared)
    made = forms.CharField(max_length=200, **shared)
    if ask.kind == "money":
        made.widget.attrs["inputmode"] = "decimal"
    return made


def _form(asks: Any, prefix: str, data: Any, initial: Mapping[str, Any]) -> Form:
    made = Form(data, prefix=prefix, initial=dict(initial))
    for ask in asks:
        made.fields[ask.code] = _field(ask)
    return made


class Rows:
    """A group with its rows as they were typed, or as they are offered."""

    def __init__(self, group: Group, data: Any, initial: list[Mapping[str, Any]], more: bool) -> None:
        self.group = group
        typed = int(data.get(f"{group.code}-rows") or 0) if data is not None and _number(data, group) else 0
        count = max(typed, 1) if data is not None else max(group.rows, len(initial) + 1)
        self.count = min(count + (MORE if more else 0), group.most)
        drawn = data if data is not None and not more else None
        self.rows = []
        for n in range(self.count):
            known = initial[n] if n < len(initial) else {}
            row = _form(group.asks, f"{group.code}-{n}", drawn, known)
            if data is not None and more:
                row.initial = {ask.code: data.get(f"{group.code}-{n}-{ask.code}", "") for ask in group.asks}
            self.rows.append(row)

    @property
    def room(self) -> bool:
        """Whether more rows may be added."""
        return self.count < self.group.most


def _number(data: Any, group: Group) -> bool:
    said = str(data.get(f"{group.code}-rows") or "")
    return said.isascii() and said.isdigit() and len(said) < 5


class Sheet:
    """The whole form of one kind. `more`: the group that somebody asked more rows of; nothing is calculated then."""

    def __init__(self, kind: str, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        self.kind, self.asked, self.data = kind, ASKED[kind], data
        known = initial or {}
        self.more = str(data.get("more") or "") if data is not None else ""
        drawn = None if self.more else data
        self.head = _form([Ask("title", _("Title")), *self.asked.asks], "", drawn, known)
        if self.more:
            self.head.initial = {name: data.get(name, "") for name in self.head.fields}
        self.groups = [
            Rows(group, data, list(known.get(group.code) or []), self.more == group.code)
            if not self.more or self.more == group.code
            else Rows(group, _Kept(data), [], False)
            for group in self.asked.groups
        ]

    @property
    def forms(self) -> list[Form]:
        return [self.head, *(row for group in self.groups for row in group.rows)]

    def is_valid(self) -> bool:
        """Whether everything that was typed can be read; whether it makes sense is the calculator's to say."""
        return not [one for one in self.forms if not one.is_valid()]  # all are asked, so that all say what is wrong

    def given(self) -> dict[str, Any]:
        """What was typed, as the calculator and `Calculation.given` take it; rows that are empty are left out."""
        found: dict[str, Any] = dict(self.head.cleaned_data)
        for group in self.groups:
            names = {ask.code for ask in group.group.asks if ask.kind in ("names", "weights")}
            rows = [row.cleaned_data for row in group.rows if any(row.cleaned_data.values())]
            found[group.group.code] = [
                {code: _read(value) if code in names else value for code, value in row.items()} for row in rows
            ]
        for row in found.get("opinions") or []:
            _opinion(row)
        return found

    def wrong(self, fault: Wrong) -> None:
        """Say what doesn't fit at its field: `people.1.name` is the second row that isn't empty."""
        sentence = FAULTS.get(fault.code, fault.code)
        code, _dot, rest = fault.field.partition(".")
        group = next((one for one in self.groups if one.group.code == code), None)
        if group is None:
            self.head.add_error(code if code in self.head.fields else None, str(sentence))
            return
        number, _dot, name = rest.partition(".")
        filled = [row for row in group.rows if any(row.cleaned_data.values())]
        row = filled[int(number)] if number.isdigit() and int(number) < len(filled) else group.rows[0]
        name = name.partition(".")[0]
        row.add_error(name if name in row.fields else None, str(sentence))


class _Kept(dict[str, Any]):
    """What was typed into other groups while rows are added to one: drawn again as it was."""

    def __init__(self, data: Any) -> None:
        super().__init__({name: data.get(name) for name in data})


def _read(value: str) -> list[str]:
    return [one.strip() for one in _COMMAS.split(value or "") if one.strip()]


def _opinion(row: dict[str, Any]) -> None:
    """`counts` and `weights` of an opinion from the names that were typed."""
    out, into = row.pop("counts_out", []), row.pop("counts_in", [])
    row["counts"] = dict.fromkeys(out, False) | dict.fromkeys(into, True)
    parted = (one.replace("＝", "=").partition("=") for one in row.pop("weights", []))
    row["weights"] = {name.strip(): share.strip() or "?" for name, _equals, share in parted}


def offered(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was calculated before, as the form offers it again."""
    found = dict(given)
    for code, value in given.items():
        if isinstance(value, list):
            found[code] = [_typed(row) for row in value]
    return found


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = {code: "，".join(value) if isinstance(value, list) else value for code, value in row.items()}
    if "counts" in row:
        shown["counts_out"] = "，".join(name for name, counts in row["counts"].items() if not counts)
        shown["counts_in"] = "，".join(name for name, counts in row["counts"].items() if counts)
        shown["weights"] = "，".join(f"{name}={share}" for name, share in row["weights"].items())
    return shown

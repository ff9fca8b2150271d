"""Controls of forms, written in Python: what Django's own templates write, twenty times as fast.

A list of a hundred categories is a hundred options, and each option is two templates: the filters of a
list cost more than its fifty rows. `tests/core/test_widgets.py` compares every control with Django's.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

WIDGETS = "django/forms/widgets/"
INPUTS = (
    "checkbox", "color", "date", "datetime", "email", "file", "hidden", "input", "number", "password", "search", "tel",
    "text", "time", "url",
)  # fmt: skip
Widget = Mapping[str, Any]


def safe(value: Any) -> str:
    """Django's `conditional_escape` without its look at laziness, which costs as much as the escaping."""
    return str(value.__html__()) if hasattr(value, "__html__") else escape(str(value))


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {safe(name)}" if value is True else f' {safe(name)}="{safe(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = widget["value"]
    shown = "" if value is None else f' value="{safe(value)}"'
    name = safe(widget["name"])
    return f'<input type="{safe(widget["type"])}" name="{name}"{shown}{_attributes(widget)}>'


def labelled_input(widget: Widget) -> str:
    """One box of several."""
    if not widget.get("wrap_label"):
        return _input(widget)
    given = widget["attrs"].get("id")
    belongs = f' for="{safe(given)}"' if given else ""
    return f"<label{belongs}>{_input(widget)} {safe(widget['label'])}</label>"


def _option(widget: Widget) -> str:
    value, label = safe(widget["value"]), safe(widget["label"])
    return f'<option value="{value}"{_attributes(widget)}>{label}</option>'


def _select(widget: Widget) -> str:
    parts = [f'<select name="{safe(widget["name"])}"{_attributes(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{safe(group)}">')
        parts += [f"\n  {_option(option)}" for option in options]
        if group:
            parts.append("\n  </optgroup>")
    return "".join(parts) + "\n</select>"


def _textarea(widget: Widget) -> str:
    value = safe(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{safe(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


QUICK: dict[str, Callable[[Widget], str]] = {
    **{f"{WIDGETS}{name}.html": _input for name in INPUTS},
    **{f"{WIDGETS}{name}_option.html": labelled_input for name in ("checkbox", "input", "radio")},
    f"{WIDGETS}select.html": _select,
    f"{WIDGETS}select_option.html": _option,
    f"{WIDGETS}textarea.html": _textarea,
}


class Select(forms.Select):
    """A list of choices without a dictionary for each of them: a list of filters has a hundred."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """As Django's, whatever the renderer."""
        wanted = set(self.format_value(value))
        own = {"attrs": self.build_attrs(self.attrs, attrs)}
        parts = [f'<select name="{safe(name)}"{_attributes(own)}>']
        for known, label in self.choices:
            if isinstance(label, list | tuple):
                parts.append(f'\n  <optgroup label="{safe(known)}">')
                parts += [_choice(one, said, wanted) for one, said in label]
                parts.append("\n  </optgroup>")
            else:
                parts.append(_choice(known, label, wanted))
        return mark_safe("".join(parts) + "\n</select>")  # noqa: S308 – every value in it went through `safe`


def _choice(value: Any, label: Any, wanted: set[str]) -> str:
    value = "" if value is None else str(value)
    selected = ""
    if value in wanted:
        wanted.discard(value)  # the first of two equal ones
        selected = " selected"
    return f'\n  <option value="{escape(value)}"{selected}>{safe(label)}</option>'


class Renderer(DjangoTemplates):
    """Writes the plain controls itself and leaves all else to templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        quick = QUICK.get(template_name)
        if quick is not None:
            return mark_safe(quick(context["widget"]))  # noqa: S308 – every value in it went through `safe`
        return SafeString(super().render(template_name, context, request))

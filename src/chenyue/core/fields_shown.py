"""A field of a form as it is shown: label, help, errors and the control, tied together.

Written in Python like the controls themselves (`core.widgets`): a page of filters has ten fields and a hundred
choices, and as templates they cost more than its fifty rows.
"""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chenyue.core.widgets import labelled_input, safe

OWN = ("wide", "row", "label", "help")  # words for this page; every other argument becomes an attribute


def shown(bound: BoundField, icon: Any, **more: Any) -> SafeString:
    """The field's markup. `icon` draws a small picture; `more` as the tag `field` takes it."""
    widget = bound.field.widget
    label, help_text = more.get("label", bound.label), more.get("help", bound.help_text)
    attrs = {name.replace("_", "-"): value for name, value in more.items() if name not in OWN} | _aria(bound)
    grouped = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    if bound.is_hidden and not grouped:
        return bound.as_widget(attrs=attrs)
    words = _words(bound, help_text, icon)
    if grouped:
        inside = _group(bound, attrs, label, words, row=bool(more.get("row")))
    elif isinstance(widget, forms.CheckboxInput):
        control = bound.as_widget(attrs=attrs)
        box = f'<label class="choice" for="{safe(bound.id_for_label)}">{control}<span>{safe(label)}</span></label>'
        inside = f"{words}\n{box}"
    else:
        optional = not bound.field.required and not more.get("label")
        word = _("(optional)")
        aside = f' <small class="quiet">{safe(word)}</small>' if optional else ""
        whole = _with_button(widget, bound.as_widget(attrs=attrs), icon)
        inside = f'<label for="{safe(bound.id_for_label)}">{safe(label)}{aside}</label>\n{words}\n{whole}'
    wide, wrong = " field-wide" if more.get("wide") else "", " field-wrong" if bound.errors else ""
    return SafeString(f'<div class="field{wide}{wrong}">\n{inside}\n</div>')


def _aria(bound: BoundField) -> dict[str, str]:
    """What readers that speak say with the control."""
    ids = [f"{bound.auto_id}_help"] if bound.help_text else []
    if bound.errors:
        return {"aria-describedby": " ".join([*ids, f"{bound.auto_id}_error"]), "aria-invalid": "true"}
    return {"aria-describedby": ids[0]} if ids else {}


def _words(bound: BoundField, help_text: Any, icon: Any) -> str:
    found = f'<p class="field-help" id="{safe(bound.auto_id)}_help">{safe(help_text)}</p>' if help_text else ""
    if bound.errors:
        picture, errors = icon("alert-triangle"), safe(bound.errors)
        found += f'\n<p class="field-error" id="{safe(bound.auto_id)}_error">{picture}<span>{errors}</span></p>'
    return found


def _group(bound: BoundField, attrs: dict[str, Any], label: Any, words: str, *, row: bool) -> str:
    own = "".join(f' {safe(name)}="{safe(value)}"' for name, value in attrs.items())
    choices = "".join(
        f'<label class="choice" for="{safe(one["attrs"].get("id", ""))}">{labelled_input(one | {"wrap_label": False})}'
        f"<span>{safe(one['label'])}</span></label>"
        for one in (option.data for option in bound.subwidgets)
    )
    return (
        f'<fieldset{own} id="{safe(bound.auto_id)}" tabindex="-1">\n<legend>{safe(label)}</legend>\n{words}\n'
        f'<div class="choices{" choices-row" if row else ""}">\n{choices}\n</div>\n</fieldset>'
    )


def _with_button(widget: forms.Widget, control: str, icon: Any) -> str:
    """The word on the button of a field for files; the browser's own word is in the browser's language."""
    if not isinstance(widget, forms.FileInput):
        return control
    word = _("Choose files") if getattr(widget, "allow_multiple_selected", False) else _("Choose a file")
    button = f'<span class="button" aria-hidden="true">{icon("upload")}{safe(word)}</span>'
    return f'<span class="file">{control}{button}<span class="file-names"></span></span>'

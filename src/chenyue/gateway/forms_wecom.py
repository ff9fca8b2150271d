"""Forms of WeCom's connections and of who is who there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.gateway.models_wecom import WecomLink
from chenyue.gateway.wecom import links
from chenyue.people.queries import members

HELP = {
    "host": _("Empty: the public one, qyapi.weixin.qq.com"),
    "account": _("Customer service: open_kfid, such as wkAJ2GCAAA…; a robot: its Bot ID"),
    "corp_id": _("WeCom's own pages → 我的企业 → 企业信息; begins with ww"),
    "aes_key": _("43 letters and digits"),
}


class LinkForm(Form):
    """What a connection of this kind asks for. Secrets are never shown: an empty field keeps the one there is."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As colleagues know it"))
    on = forms.BooleanField(label=_("Switched on"), required=False)

    def __init__(self, kind: str, link: WecomLink | None, *args: Any, **kwargs: Any) -> None:
        asked = links.ASKS[kind]
        initial = {name: getattr(link, name) for name in ("name", "on", *links.PLAIN)} if link else {"on": False}
        super().__init__(*args, initial=initial, **kwargs)
        for name in asked:
            self.fields[name] = _field(name, link)
            self.fields[name].widget.use_required_attribute = lambda initial: False
        self.order_fields(["name", *asked, "on"])


def _field(name: str, link: WecomLink | None) -> forms.CharField:
    help_text = HELP.get(name, "")
    if name not in links.SECRETS:
        return forms.CharField(label=links.LABELS[name], required=False, max_length=200, help_text=help_text)
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    kept = links.hint(link, name) if link else ""
    if kept:
        help_text = _("Kept: %(hint)s. Leave it empty to keep it.") % {"hint": kept}
    return forms.CharField(
        label=links.LABELS[name], required=False, max_length=200, help_text=help_text, widget=widget, strip=True
    )


class TryForm(Form):
    """To whom the test goes."""

    userid = forms.CharField(
        label=_("Send a test to this WeCom account"), required=False, max_length=64,
        help_text=_("Empty: only the secret is tried."),
    )  # fmt: skip


class PersonForm(Form):
    """Who somebody in WeCom is."""

    member = forms.ChoiceField(label=_("Member"))
    corp_id = forms.ChoiceField(label=_("Corporation"))
    userid = forms.CharField(label=_("WeCom account"), max_length=64, help_text=_("账号 in WeCom's address book"))

    def __init__(self, corporations: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", "–"), *((m.pk, f"{m.name}（{m.username}）") for m in members())]  # type: ignore[attr-defined]
        self.fields["corp_id"].choices = [(one, one) for one in corporations]  # type: ignore[attr-defined]


class PeopleTableForm(Form):
    """A table of accounts."""

    table = forms.FileField(
        label=_("A table of accounts"), help_text=_("Excel or CSV with the columns 用户名 (or 姓名) and 企业微信账号")
    )
    table_corp = forms.ChoiceField(label=_("Corporation"))

    def __init__(self, corporations: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table_corp"].choices = [(one, one) for one in corporations]  # type: ignore[attr-defined]

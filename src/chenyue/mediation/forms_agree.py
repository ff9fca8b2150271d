"""Forms of agreements, signatures, receipts, visits, judicial confirmation and sample clauses."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.mediation import confirming, drafting, instalments, signing, wording
from chenyue.mediation.fields import DayField
from chenyue.mediation.instalments import Part
from chenyue.mediation.lifecycle import Dispute, Grade, Handed, Signer
from chenyue.mediation.models import Agreement, Obligation, Party, Representative
from chenyue.mediation.parties import current_parties

SPARE = 3  # empty clauses at the end of the editor
_LINE = re.compile(
    r"^\s{0,8}(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?[\s,，:：]{1,8}[¥￥]?(\d[\d,，.]{0,24})\s{0,4}元?\s{0,8}$"
)
AREA = {"rows": 3}


class MoneyField(forms.DecimalField):
    """A sum in yuan, however it is grouped: 39163.5, 39,163.50, ¥39，163.50."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {"required": False, "max_digits": 16, "decimal_places": 2, "min_value": Decimal("0.01")}
        super().__init__(**given | {"widget": forms.TextInput(attrs={"inputmode": "decimal"})} | kwargs)

    def to_python(self, value: Any) -> Any:
        plain = re.sub(r"[,，\s¥￥元]", "", value) if isinstance(value, str) else value
        return super().to_python(plain)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}" if isinstance(value, Decimal) and value.is_finite() else value


def area(label: Any, most: int, *, required: bool = False, **more: Any) -> forms.CharField:
    """Several lines."""
    return forms.CharField(
        label=label, required=required, max_length=most, widget=forms.Textarea(attrs=dict(AREA)), **more
    )


def line(label: Any, most: int, *, required: bool = False, **more: Any) -> forms.CharField:
    """One line."""
    return forms.CharField(label=label, required=required, max_length=most, **more)


class AgreementForm(Form):
    """The words of a draft: its head and its clauses."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    facts = area(_("Main facts of the dispute"), 4000)
    dispute = area(_("Matters in dispute"), 2000)
    duties = area(_("Who is responsible for what"), 2000)
    total = MoneyField(label=_("Sum in all, yuan"))
    total_words = line(_("Sum in words"), 80, help_text=_("Left empty: written by itself."))
    breach = area(_("If it is not kept"), 1000)
    copies = forms.IntegerField(label=_("Copies"), min_value=1, max_value=99)
    partial = forms.BooleanField(label=_("Settles a part; the rest is mediated on"), required=False)
    reached_on = DayField(label=_("Reached on"), required=False)
    why_oral = line(_("Why it isn't put in writing"), 200)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        clauses = list(agreement.clauses.all())
        names = ("version", *drafting.TEXTS, "total", "total_words", "copies", "partial", "reached_on", "why_oral")
        initial = {name: getattr(agreement, name) for name in names}
        initial |= {f"clause_{n}": clause.words for n, clause in enumerate(clauses)}
        super().__init__(*args, initial=initial, **kwargs)
        if agreement.form != "oral":
            del self.fields["reached_on"], self.fields["why_oral"]
        self.keys: list[int | None] = [*(clause.pk for clause in clauses), *[None] * SPARE]
        for n in range(len(self.keys)):
            field = area(_("Clause %(n)d") % {"n": n + 1}, 2000)
            field.widget.attrs |= {"data-autogrow": "", "rows": 2}
            field.error_messages.setdefault("max_length", _("Too long: at most 2000 characters."))
            self.fields[f"clause_{n}"] = field

    def clauses(self) -> list[tuple[int, Any]]:
        """Number and field of each clause."""
        return [(n + 1, self[f"clause_{n}"]) for n in range(len(self.keys))]

    def text(self) -> drafting.Text:
        """What was typed."""
        typed = dict(self.cleaned_data)
        found = [(key, typed.pop(f"clause_{n}")) for n, key in enumerate(self.keys)]
        typed.pop("version")
        return drafting.Text(**typed, clauses=found)


class OwedForm(Form):
    """What somebody owes, to whom, how much, by when, in which parts."""

    debtor = forms.TypedChoiceField(
        label=pgettext_lazy("obligation", "Who owes"), required=False, coerce=int, empty_value=None
    )
    creditor = forms.TypedChoiceField(
        label=pgettext_lazy("obligation", "To whom"), required=False, coerce=int, empty_value=None
    )
    what = line(_("What is to be done"), 500, required=True)
    amount = MoneyField(label=_("How much, yuan"), help_text=_("Empty where it isn't about money."))
    amount_words = line(_("Sum in words"), 80, help_text=_("Left empty: written by itself."))
    due_on = DayField(label=_("By when"), required=False)
    manner = line(_("Account or manner"), 300)
    breach = line(_("If it is not kept"), 500)
    count = forms.IntegerField(label=_("In how many parts"), required=False, min_value=2, max_value=instalments.MOST)
    first = DayField(label=_("First day"), required=False)
    months = forms.IntegerField(label=_("Every so many months"), required=False, min_value=1, max_value=24)
    at_once = MoneyField(label=_("Of it on the first day"))
    parts = forms.CharField(
        label=_("Parts, one a line"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as: 2026-12-10 5000. Written by itself from the fields above; can be changed."),
    )  # fmt: skip

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = current_parties(agreement.mediation_id)
        choices = [("", "—"), *((p.pk, f"{wording.label(n)} {p.name}") for n, p in enumerate(parties))]
        for name in ("debtor", "creditor"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_parts(self) -> list[Part]:
        found = []
        for number, typed in enumerate(filter(str.strip, self.cleaned_data["parts"].splitlines()), start=1):
            match = _LINE.match(typed)
            try:
                if match is None:
                    raise ValueError
                day = date(*(int(part) for part in match.groups()[:3]))
                found.append(Part(number, day, Decimal(re.sub("[,，]", "", match[4]))))
            except (ValueError, InvalidOperation) as error:
                raise ValidationError(
                    _("Line %(n)d isn't a day and a sum: %(words)s") % {"n": number, "words": typed[:40]}
                ) from error
        return found

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("count") and not self.errors:
            if not typed.get("amount") or not typed.get("first"):
                self.add_error("count", _("For parts, the sum and the first day are needed."))
                return typed
            try:
                typed["parts"] = instalments.plan(
                    typed["amount"], first=typed["first"], months=typed.get("months") or 1,
                    count=typed["count"] - bool(typed.get("at_once")), at_once=typed.get("at_once") or Decimal(0),
                )  # fmt: skip
            except ValueError:
                self.add_error("count", _("These parts don't fit the sum."))
        return typed

    def owed(self) -> drafting.Owed:
        """What was typed."""
        names = ("debtor", "creditor", "what", "amount", "amount_words", "due_on", "manner", "breach", "parts")
        typed: dict[str, Any] = {name: self.cleaned_data.get(name) for name in names}
        return drafting.Owed(**typed)


def initial_owed(one: Obligation | None) -> dict[str, Any]:
    """What the form of an obligation shows at first."""
    if one is None:
        return {}
    rows = list(one.instalments.all())
    parts = "\n".join(f"{p.due_on} {p.amount:.2f}" for p in rows if p.amount is not None) if len(rows) > 1 else ""
    names = ("what", "amount", "amount_words", "due_on", "manner", "breach")
    return {name: getattr(one, name) for name in names} | {
        "debtor": one.debtor_id, "creditor": one.creditor_id, "parts": parts,
    }  # fmt: skip


class WordsForm(Form):
    """Why something is done."""

    why = line(_("Reason"), 200, required=True)


class MarkForm(Form):
    """A mark on the paper: whose, which, of which day."""

    who = forms.ChoiceField(label=_("Who signed"), widget=forms.RadioSelect)
    mark = forms.ChoiceField(
        label=_("Mark"), choices=[(m.value, m.label) for m in signing.ON_PAPER], widget=forms.RadioSelect
    )
    on = DayField(label=_("Day under it"))
    name = line(_("Name, of the recorder or of who signs for an organisation"), 40)

    def __init__(
        self, *args: Any, needed: Sequence[signing.Needed], speaking: Sequence[Representative],
        mediators: Sequence[Any], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        choices = [(f"party:{one.party.pk}", f"{one.label} {one.party.name}") for one in needed if not one.why]
        choices += [(f"representative:{r.pk}", f"{r.get_acts_display()} {r.name}") for r in speaking if r.may_settle]
        choices += [(f"mediator:{a.pk}", f"{Signer.MEDIATOR.label} {a.mediator.name}") for a in mediators]
        self.fields["who"].choices = [*choices, ("recorder:0", Signer.RECORDER.label)]  # type: ignore[attr-defined]

    def whose(self) -> tuple[str, int]:
        """Signer and key."""
        kind, _colon, pk = self.cleaned_data["who"].partition(":")
        return kind, int(pk)


class ScreenForm(Form):
    """A signature on a screen: the drawing, the text it stands under, and that the party wants to sign like this."""

    consent = forms.BooleanField(label=_("I have read the text above and want to sign it on this screen."))
    drawing = forms.CharField(widget=forms.HiddenInput, max_length=100_000, required=False)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("drawing"):
            self.add_error(None, _("Sign in the field with a finger or a pen; without one, sign on paper."))
        return self.cleaned_data


class DayForm(Form):
    """A day."""

    on = DayField(label=_("Day"))


class ScanForm(Form):
    """The scan of the signed original."""

    attachments = forms.FileField(
        label=_("Scan of the signed original"), widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"})
    )


class AppliedForm(Form):
    """The application to the court."""

    on = DayField(label=_("Applied on"))
    court = line(_("Court"), 80, required=True)
    together = forms.BooleanField(label=_("Both sides came together"), required=False)
    late = forms.BooleanField(label=_("The court took it although the last day was over"), required=False)


class RuledForm(Form):
    """The ruling of the court."""

    confirmed = forms.ChoiceField(
        label=_("What the court ruled"), widget=forms.RadioSelect,
        choices=[("1", pgettext_lazy("confirmation", "Confirmed")), ("0", _("Not confirmed"))],
    )  # fmt: skip
    on = DayField(label=_("Ruled on"))
    number = line(_("Number of the ruling"), 60)
    ground = forms.ChoiceField(label=_("If not: why"), required=False)
    words = area(_("In words"), 2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(code, row["title"]) for code, row in confirming.grounds().items()]
        self.fields["ground"].choices = [("", "—"), *found]  # type: ignore[attr-defined]


class ReceiptForm(Form):
    """Something came."""

    amount = MoneyField(label=_("How much came, yuan"))
    on = DayField(label=_("On which day"))
    words = line(_("How: transfer, cash before the mediator, a photograph"), 120)
    attachments = forms.FileField(
        label=_("Proof"), required=False, widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"})
    )
    more_than_owed = forms.BooleanField(label=_("It is more than owed"), required=False)


SIGNS = [
    ("relapse", pgettext_lazy("visit", "The quarrel is back")),
    ("escalation", pgettext_lazy("visit", "It may escalate")),
    ("danger", pgettext_lazy("visit", "A hidden danger")),
    ("wrong", pgettext_lazy("visit", "It was mediated wrongly")),
]


class VisitForm(Form):
    """What a party said afterwards."""

    performed = forms.ChoiceField(
        label=_("Is it being performed?"), widget=forms.RadioSelect,
        choices=[("1", _("Yes")), ("0", _("No")), ("", _("Not asked"))], required=False,
    )  # fmt: skip
    grade = forms.ChoiceField(label=_("How content is this party?"), choices=Grade.choices, widget=forms.RadioSelect)
    signs = forms.MultipleChoiceField(
        label=_("What gives reason to worry"), choices=SIGNS, required=False, widget=forms.CheckboxSelectMultiple
    )
    words = area(_("What was found"), 2000)
    measures = area(_("What is done about it"), 1000)

    def said(self) -> dict[str, Any]:
        """What was typed, for `visiting.make`."""
        typed = dict(self.cleaned_data)
        return typed | {"performed": {"1": True, "0": False}.get(typed["performed"])}


class VisitNewForm(Form):
    """A visit at another time."""

    party = forms.TypedChoiceField(label=_("Which party"), coerce=int)
    on = DayField(label=_("Day"))

    def __init__(self, *args: Any, parties: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(p.pk, f"{wording.label(n)} {p.name}") for n, p in enumerate(parties)]
        self.fields["party"].choices = found  # type: ignore[attr-defined]


class ClauseForm(Form):
    """A sample clause of the office."""

    code = line(_("Short name in letters"), 40, required=True, help_text=_("Such as leak-mend; it stays."))
    title = line(_("Title"), 60, required=True)
    words = area(_("Words"), 1000, required=True)
    dispute = forms.ChoiceField(label=_("For which kind of dispute"), required=False)
    order = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=9999, initial=100)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dispute"].choices = [("", _("Every kind")), *Dispute.choices]  # type: ignore[attr-defined]


class CopyForm(Form):
    """A copy of the agreement that a party got."""

    party = forms.TypedChoiceField(label=_("Which party"), coerce=int)
    on = DayField(label=_("On"))
    how = forms.ChoiceField(label=pgettext_lazy("copy", "How"), choices=Handed.choices)
    to = forms.CharField(
        label=_("Who took it"), max_length=60, required=False, help_text=_("If it wasn't the party: name and relation.")
    )
    certified = forms.BooleanField(label=_("A certified copy: the original is lost"), required=False)

    def __init__(self, *args: Any, parties: Iterable[tuple[int, str]], lost: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = list(parties)  # type: ignore[attr-defined]
        if not lost:
            del self.fields["certified"]

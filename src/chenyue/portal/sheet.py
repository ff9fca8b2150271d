"""The form of an appeal with what has been kept beside it: photos, the door's place, what was already seen."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue import triage
from chenyue.cases import attachments
from chenyue.core import office
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.people.residents import consent_text, give_consent
from chenyue.portal import drafts, limits, spooling, telling
from chenyue.portal.forms import TellForm

BEGAN = "portal.began"
A = TypeVar("A")


class Sheet:
    """One resident's form, from the first look to the receipt."""

    def __init__(self, request: HttpRequest, code: str = "") -> None:
        self.request = request
        self.code = code  # of the door whose QR code was read
        self.posted = request.method == "POST"
        self.at: datetime = timezone.now()
        self.door, away = _unless_away(lambda: telling.door(code) if code else None)
        self.wrong_door = bool(code) and self.door is None and not away
        self.form = TellForm(request.POST, request.FILES) if self.posted else TellForm()
        self.kept = drafts.read(request.POST.get("kept", ""))
        self.join = request.POST.get("join", "")
        self.seen = bool(request.POST.get("seen")) or bool(self.join)
        self.chosen = request.POST.get("place", "")
        self.began = request.POST.get("began") or signing.dumps(self.at.timestamp(), salt=BEGAN)
        self.works = request.POST.get("works") or request.GET.get("works", "")
        self.about, _away = _unless_away(lambda: telling.works_of(self.works))
        self.place = telling.Where() if self.posted or self.door else self._of_works()
        self.looked = telling.Looked()
        self.photo_place: tuple[int, str] | None = None
        self.told_of_files = ""
        self.given: list[UploadedFile] = []  # read and good, but not put aside yet

    def _of_works(self) -> telling.Where:
        """The estate of the works that it is about, chosen beforehand where there is only one."""
        estates = list(self.about.estates.all()[:2]) if self.about else []
        return telling.Where(estates[0].pk, estates[0].full_name) if len(estates) == 1 else telling.Where()

    def take_files(self) -> None:
        """Put the photos aside at once, so that no answer of ours loses them."""
        room = drafts.MOST - len(self.kept)
        given = self.form.files.getlist("photos")
        if len(given) > room:
            self.told_of_files = _("You chose %(count)s files; nine fit. We kept the first %(kept)s.") % {
                "count": len(given),
                "kept": drafts.MOST,
            }
        for file in given[:room]:
            try:
                attachments.check(file)
                self.given.append(file)
            except Refusal as refusal:
                self.form.add_error("photos", str(refusal.sentence))
        if limits.may_keep(self.request, self.given):
            self._put_aside()
        else:
            self.form.add_error("photos", limits.no_more_files())

    def _put_aside(self) -> None:
        self.kept += drafts.keep(self.given)
        self.given = []

    def read_place(self) -> bool:
        """Whether the place is clear, or nothing hangs on it; otherwise the page asks."""
        told = self.form.cleaned_data["place_told"]
        try:
            self.place = telling.where(self.chosen or (str(self.door[0]) if self.door else ""), told)
        except ValueError:
            self.chosen = ""
            self.form.add_error(
                "place_told", _("That place isn't on our list any more. Please choose again, or describe it.")
            )
            return False
        return True

    def too_quick(self) -> bool:
        """Whether the form came back sooner than a person types."""
        try:
            began = float(signing.loads(self.began, salt=BEGAN))
        except (signing.BadSignature, TypeError, ValueError):
            self.began = signing.dumps(0.0, salt=BEGAN)  # the next press of the button counts
            return True
        return self.at.timestamp() - began < int(office.get("tell_min_seconds"))

    def has_questions(self) -> bool:
        """Whether something must be seen or chosen first: danger, neighbours' cases, which of several places."""
        if not self.seen:
            self.looked = telling.look(self.form.cleaned_data["words"], self.place.place_id, self.at)
        unplaced = self.place.place_id is None and not self.chosen
        return bool(self.looked) or bool(self.place.choices) or (unplaced and self._place_of_photo())

    def in_danger(self) -> bool:
        """Whether these are words of an emergency: they are taken whatever else is going on."""
        return triage.suggest(self.form.cleaned_data["words"], self.place.place_id, self.at).emergency is not None

    def _place_of_photo(self) -> bool:
        if self.form.cleaned_data["place_told"]:
            return False
        for file in drafts.opened(self.kept):
            with file:
                spot = attachments.taken_at(file)
            if spot:
                self.photo_place = telling.near(*spot)
                if self.photo_place:
                    return True
        return False

    def file(self) -> dict[str, Any]:
        """File it; the result that a second press of the button finds again."""
        files = drafts.opened(self.kept)
        try:
            filed = telling.file(data=self.form.cleaned_data, place=self.place, files=files, join=self.join, at=self.at)
        finally:
            for file in files:
                file.close()
        who = filed.appeal.reporter
        if who is not None and filed.appeal.consent_contact and consent_text("contact"):
            give_consent(resident=who, purpose="contact", at=self.at)
        return {"receipt": filed.appeal.receipt}

    def keep(self) -> str:
        """Keep it on this machine until the database is back; the receipt code. Raises as `spooling.keep` does."""
        self._put_aside()
        files, more = drafts.opened(self.kept), {"place": self.chosen, "door": self.code, "works": self.works[:20]}
        try:
            receipt = spooling.keep(self.request, self.form.cleaned_data, files, join=self.join, **more)
        finally:
            for file in files:
                file.close()
        self.drop_files()
        return receipt

    def drop_files(self) -> None:
        """The photos are with the appeal now."""
        drafts.drop(self.kept)

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at its field."""
        if refusal.field == "attachments":
            drafts.drop(self.kept)
            self.kept = []
            refusal.field = "photos"
        refused(self.form, refusal)

    def context(self) -> dict[str, Any]:
        """Everything that the page shows."""
        at_door = self.door if self.chosen in ("", str(self.door[0]) if self.door else "") else None
        consent = _quietly(lambda: consent_text("contact"))
        return {
            "form": self.form,
            "door": at_door,
            "wrong_door": self.wrong_door,
            "about": self.about,
            "place": self.place,
            "chosen": self.chosen,
            "choices": self.place.choices,
            "photo_place": self.photo_place,
            "looked": self.looked,
            "join": self.join,
            "seen": self.seen or bool(self.looked),
            "kept": self.kept,
            "kept_field": drafts.write(self.kept),
            "told_of_files": self.told_of_files,
            "began": self.began,
            "consent": consent.text if consent else "",
            "contact_open": any(self.form[name].value() for name in ("name", "phone", "email")),
        }


def _unless_away(read: Callable[[], A]) -> tuple[A | None, bool]:
    """What can be read, and whether the database was away: what was told is taken all the same."""
    try:
        return read(), False
    except DatabaseError as error:
        if not spooling.possible(error):
            raise
        return None, True


def _quietly(read: Callable[[], Any]) -> Any:
    """What can be read; nothing while the database is away, since the words must be shown all the same."""
    try:
        return read()
    except DatabaseError:
        return None

"""Sentences for what packages below the timeline do."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import office
from chenyue.core.errors import Sentence
from chenyue.timeline import saying
from chenyue.timeline.verbs import register


def _grant(sentence: Any) -> Any:
    def of(data: dict[str, Any]) -> Sentence:
        where = "、".join(part for part in (data["unit"], data["place"]) if part) or str(_("everywhere"))
        return str(sentence) % {"member": data["member"], "role": data["role"], "where": where}

    return of


def _filled(sentence: Any) -> Any:
    return lambda data: str(sentence) % data


def _settings(changes: dict[str, list[Any]]) -> str:
    """Each setting with its value before and after, as the page calls it."""
    shown = {name: ["–" if value == "" else value for value in pair] for name, pair in changes.items()}
    return "; ".join(f"{office.label_of(name)}: {old} → {new}" for name, (old, new) in shown.items())


def _channel(data: dict[str, Any]) -> str:
    """What of a channel was set: never what to, since a secret may be among it."""
    name = {"name": data["name"]}
    if data.get("on") is False:
        return str(_("Channel switched off: %(name)s")) % name
    if data.get("on"):
        return str(_("Channel switched on: %(name)s")) % name
    return str(_("Settings of a channel changed: %(name)s")) % name


register(
    "people.contact_revealed",
    lambda data: _("Looked at contact data"),
    tone="wait",
    icon="eye",
    words_for=lambda data: data.get("words") or data["reason"],  # entries of old say it under `reason`
)
register("people.roles_seeded", _filled(_("%(count)s default roles added")))
register("people.role_saved", _filled(_("Role saved: %(name)s")))
register("people.unit_saved", _filled(_("Unit saved: %(name)s")))
register("people.unit_activated", _filled(_("Unit may take work again: %(name)s")))
register("people.unit_deactivated", _filled(_("Unit takes no more work: %(name)s")))
register("people.member_added", _filled(_("Member added: %(name)s")))
register("people.member_saved", _filled(_("Member changed: %(name)s")))
register("people.member_activated", _filled(_("%(name)s may sign in again")))
register("people.member_deactivated", _filled(_("%(name)s may no longer sign in")))
register("people.password_reset", _filled(_("%(name)s was given a new start password")))
register("people.password_changed", _("Changed the own password"))
register("people.grant_given", _grant(_("%(member)s became %(role)s (%(where)s)")))
register("people.grant_taken", _grant(_("%(member)s is no longer %(role)s (%(where)s)")))
register("people.signed_in", pgettext_lazy("timeline", "Signed in"))
register("people.signed_out", pgettext_lazy("timeline", "Signed out"))
register("people.sign_in_failed", _("A sign-in failed"), tone="late")
register("people.factor_failed", _("A wrong code as second factor"), tone="late")
register("people.factor_added", _("Second factor set up"))
register("people.factor_removed", _filled(_("Second factor removed: %(name)s")))
register("people.codes_made", _("New recovery codes made"))
register("people.resident_locked", _("Personal data locked"))
register("people.resident_unlocked", _("Personal data no longer locked"))
register("people.resident_signed_in", _("Signed in by a code on the telephone"))
register("people.resident_signed_out", _("Signed out everywhere"))
register("people.number_changed_hands", _filled(_("The telephone number belongs to somebody else now: %(words)s")))
register("people.resident_corrected", _("Personal data corrected"))
register("people.resident_erased", _("Personal data deleted"))
register("people.consent_text_saved", _filled(_("New version of a consent text: %(purpose)s")))
register("people.consent_withdrawn", _("Consent withdrawn"))
register("people.request_opened", _("A request about personal data was taken"))
register("people.identity_checked", _("It was made sure who asked about personal data"))
register("people.request_granted", _("A request about personal data was granted"))
register("people.request_refused", _("A request about personal data was refused"))
register("people.copy_made", _("A copy of personal data was made"))
register(saying.FORGOTTEN, _("Words of this history were deleted with a person's data"))
register("timeline.sealed", _("A sealed entry: that it exists is seen here, what it says only by whom it concerns"))
register("office.changed", lambda data: _("Settings changed: %(changes)s") % {"changes": _settings(data["changes"])})
register("notify.channel_set", _channel, icon="send")
register("notify.channel_tested", _filled(_("Channel tried out: %(name)s")), icon="send")
register("notify.resent", _("A failed message was sent again"))
register("notify.text_saved", _filled(_("Text changed: %(code)s")))
register("notify.text_restored", _filled(_("Text put back as shipped: %(code)s")))
register("places.added", _filled(_("Place added: %(name)s")))
register("places.renamed", _filled(_("Place renamed: %(before)s is now %(after)s")))
register("places.changed", _filled(_("Place changed: %(name)s")))
register("places.deactivated", _filled(_("Place no longer in use: %(name)s")))
register("places.reactivated", _filled(_("Place in use again: %(name)s")))
register(
    "places.alias",
    lambda data: (
        _("%(name)s is also called %(added)s") % data
        if "added" in data
        else _("%(name)s is no longer called %(removed)s") % data
    ),
)
register("places.imported", _filled(_("Places from a table: %(created)s added, %(updated)s changed")))
register("workdays.year", _filled(_("Calendar of %(year)s imported: %(workdays)s workdays")))
register("workdays.day", _filled(_("Calendar day changed: %(day)s")))
register("workdays.hours", lambda data: _("Working hours set: %(hours)s") % {"hours": " ".join(data["hours"])})

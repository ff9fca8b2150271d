"""Who listens to what: every side effect that crosses packages, on one page; nothing else."""

from typing import Any

from django.apps import AppConfig

from chenyue.cases.lifecycle import State

CASE_LOOKS = {  # tone and icon of each state
    State.RECEIVED: ("wait", "inbox"),
    State.ASSIGNED: ("due", "send"),
    State.HANDLING: ("wait", "player-play"),
    State.WAITING: ("due", "player-pause"),
    State.ANSWERED: ("done", "message-circle"),
    State.CLOSED: ("done", "circle-check"),
    State.DECLINED: ("neutral", "x"),
    State.JOINED: ("neutral", "git-merge"),
}


class Wiring(AppConfig):
    """Connects events to their listeners when the product starts."""

    name = "chenyue.wiring"
    label = "wiring"

    def ready(self) -> None:
        from chenyue.cases import events as cases
        from chenyue.cases import notices as case_notices
        from chenyue.cases import taught
        from chenyue.cases.lifecycle import STATE_WORDS
        from chenyue.catalogue import ruling
        from chenyue.catalogue.events import CatalogueChanged
        from chenyue.core import chrome, views
        from chenyue.core.events import listen
        from chenyue.followup import actions as followup
        from chenyue.followup import notices as refused
        from chenyue.followup.events import AnswerRefused
        from chenyue.followup.gate import hold_closing
        from chenyue.gateway.open311 import editing as open311
        from chenyue.people import events as people
        from chenyue.people import rules
        from chenyue.triage import learning

        _on_paper()
        _noted()
        views.metrics_gate.append(lambda member: rules.may(member, "office.setup"))
        learning.examples_from(taught.confirmed)
        chrome.states("case", {state.value: (STATE_WORDS[state], *look) for state, look in CASE_LOOKS.items()})
        _forget_with_the_person()
        _follow_cases()
        _points_of_works()
        listen(people.UnitDeactivated, ruling.unit_gone)
        listen(CatalogueChanged, open311.on_catalogue)
        listen(cases.CaseMoved, followup.follow_move)
        listen(cases.CaseAnswered, followup.open_callbacks)
        listen(cases.CaseAnswered, case_notices.on_answered)  # after it: the letters carry the links
        listen(cases.CaseClosing, hold_closing)
        listen(AnswerRefused, refused.on_refused)
        listen(cases.AppealFiled, case_notices.on_filed)
        listen(cases.CaseDispatched, case_notices.on_dispatched)
        listen(cases.CaseMoved, case_notices.on_moved)
        listen(cases.CaseJoined, case_notices.on_joined)
        listen(cases.CaseSplit, case_notices.on_split)
        listen(cases.MessageParted, case_notices.on_parted)
        listen(cases.OfficerSet, case_notices.on_officer)
        listen(cases.PartEnded, case_notices.on_part_ended)
        listen(cases.WordsAdded, case_notices.on_words_added)
        listen(cases.CaseDue, case_notices.on_due)
        _tell_programs()
        _tell_by_wecom()


def _tell_by_wecom() -> None:
    """Who wrote by WeCom hears by WeCom, once the links are made; groups of colleagues hear what is urgent or late."""
    from chenyue.cases import events as cases
    from chenyue.core.events import listen
    from chenyue.gateway import ringing
    from chenyue.gateway.wecom import answers

    listen(cases.CaseAnswered, answers.on_answered)
    listen(cases.CaseMoved, answers.on_moved)
    listen(cases.AppealFiled, ringing.on_filed)
    listen(cases.CaseDue, ringing.on_due)


def _tell_programs() -> None:
    """Webhooks are told what happens to cases."""
    from chenyue.cases import events as cases
    from chenyue.core.events import listen
    from chenyue.followup import events as followup
    from chenyue.gateway.webhooks import telling

    listen(cases.AppealFiled, telling.on_filed)
    listen(cases.WordsAdded, telling.on_words)
    listen(cases.CaseMoved, telling.on_moved)
    listen(cases.CaseDispatched, telling.on_dispatched)
    listen(cases.CaseAnswered, telling.on_answered)
    listen(cases.CaseClosed, telling.on_closed)
    listen(cases.CaseReopened, telling.on_reopened)
    listen(cases.CaseJoined, telling.on_joined)
    listen(cases.CaseSplit, telling.on_split)
    listen(cases.CaseDue, telling.on_due)
    listen(cases.PartEnded, telling.on_part_ended)
    listen(followup.AnswerRated, telling.on_rated)
    listen(followup.AnswerRefused, telling.on_refused)


def _noted() -> None:
    """What changes outside cases stands on the timeline."""
    from chenyue.core import keeping, office, spool
    from chenyue.core.events import listen
    from chenyue.people import events as people
    from chenyue.places import events as places
    from chenyue.timeline import listeners as timeline
    from chenyue.upkeep import spooled
    from chenyue.upkeep.keeping import turns
    from chenyue.workdays.events import CalendarChanged

    listen(office.SettingsChanged, timeline.note_settings)
    listen(CalendarChanged, timeline.note_calendar)
    listen(places.PlaceChanged, timeline.note_place)
    listen(places.PlacesImported, timeline.note_places)
    listen(people.ContactRevealed, timeline.note_look)
    listen(people.PeopleChanged, timeline.note_change)
    listen(keeping.Removed, turns.note)
    listen(spool.SetAside, spooled.on_set_aside)


def _on_paper() -> None:
    """Posters of stewards say where people are received."""
    from chenyue.reception import on_paper as reception
    from chenyue.stewards import on_paper

    on_paper.venues_from(reception.venues)


def _forget_with_the_person() -> None:
    """Each package that keeps something about a resident forgets it with them, and says what it keeps."""
    from chenyue.bulletin import forgetting as bulletin
    from chenyue.cases import forgetting as cases
    from chenyue.core.events import listen
    from chenyue.followup import forgetting as followup
    from chenyue.gateway import forgetting as gateway
    from chenyue.insight import forgetting as insight
    from chenyue.mediation import forgetting as mediation
    from chenyue.people.events import ResidentErased
    from chenyue.people.privacy import register_copy
    from chenyue.reception import forgetting as reception
    from chenyue.stewards import forgetting_doors as doors
    from chenyue.stewards import forgetting_people as stewards
    from chenyue.volunteering import forgetting as volunteering
    from chenyue.works import forgetting as works

    kept = (
        ("hotline", gateway),
        ("appeals", cases),
        ("ratings", followup),
        ("tickets", reception),
        ("doors", doors),
        ("stewards", stewards),
        ("works", works),
        ("mediation", mediation),
        ("volunteering", volunteering),
        ("bulletin", bulletin),
        ("findings", insight),
    )
    for name, package in kept:
        listen(ResidentErased, package.on_erased)
        register_copy(name, package.copy_of)


def _follow_cases() -> None:
    """A mediation follows what is done to its case by hand."""
    from chenyue.cases import events as cases
    from chenyue.core.events import listen
    from chenyue.mediation import casework as mediation

    listen(cases.CaseClosing, mediation.on_closing)
    listen(cases.CaseMoved, mediation.on_moved)


def _points_of_works() -> None:
    """Reception says where and when people are received at renewal works."""
    from chenyue.reception import onsite
    from chenyue.works import links

    @links.venues_by
    def found(names: Any, places: Any, at: Any) -> list[links.OnSite]:
        return [
            links.OnSite(
                venue.pk, venue.name, venue.address, venue.how_to_reach,
                tuple(links.Sitting(sitting.starts_at, sitting.ends_at) for sitting in coming),
            )
            for venue, coming in onsite.points_of(names, places, at)
        ]  # fmt: skip

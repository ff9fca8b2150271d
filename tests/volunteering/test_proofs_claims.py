"""Hours from scans and from typing: grades, two persons, counter-entries, and what nobody may do."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from cast import Cast
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.people.models import ResidentSession
from chenyue.volunteering import claiming, hours, rotating, scanning
from chenyue.volunteering.claiming import Told
from chenyue.volunteering.lifecycle import ActivityState, ClaimState, Grade, SignUpState
from chenyue.volunteering.models import Activity, Claim, HourEntry, Scan, SignUp, Volunteer
from chenyue.volunteering.seeing import resident_actor
from volunteering.deeds_stage import BEGAN, DeedsStage, moment

LONG_AGO = BEGAN - timedelta(days=90)


@pytest.fixture
def held(deeds: DeedsStage) -> Activity:
    """An activity of drainage, 11:00 to 13:00 on the first day, with twenty minutes of break."""
    return deeds.activity(
        hours=2, capacity=20, break_minutes=20, served="金桂苑居民", sign_up_until=moment(hours=3)
    )  # fmt: skip


def signed_in(volunteer: Volunteer, at: datetime = LONG_AGO, device: str = "shared") -> None:
    ResidentSession.objects.create(
        key=f"{volunteer.pk}", resident=volunteer.resident, made_at=at, device=device,
        phone_index=volunteer.resident.phone_index, expires_at=at + timedelta(days=400),
    )  # fmt: skip


def scan(
    activity: Activity, volunteer: Volunteer, way: str, read: datetime, sent: datetime | None = None, **more: Any
) -> scanning.Done:
    code = rotating.code(activity.secret, activity.number, rotating.window_of(read))
    reading = rotating.read(activity.secret, activity.number, code, sent or read, 24)
    given = {"device": f"of {volunteer.pk}", "by": resident_actor(volunteer.resident)} | more
    return scanning.scan(
        activity=activity, volunteer=volunteer, reading=reading, way=way, at=sent or read, **given
    )  # fmt: skip


def typed(deeds: DeedsStage, held: Activity | None, volunteers: list[Volunteer], **more: Any) -> list[Claim]:
    told = Told(**{"starts_at": moment(hours=2), "ends_at": moment(hours=4), "words": "清淤"} | more.pop("told", {}))
    given = {"by": deeds.lin, "at": moment(hours=5)} | more
    return claiming.claim_typed(volunteers=volunteers, told=told, activity=held, **given)


def test_in_and_out_count_at_once_and_earn(deeds: DeedsStage, held: Activity) -> None:
    volunteer = deeds.volunteer()
    assert scan(held, volunteer, "in", moment(hours=1.5)).claim is None
    done = scan(held, volunteer, "out", moment(hours=4))
    assert done.claim is not None
    assert (done.claim.grade, done.claim.state, done.claim.minutes) == (Grade.A, ClaimState.APPROVED, 100)
    assert hours.totals(volunteer) == 100
    assert SignUp.objects.get(activity=held, volunteer=volunteer).state == SignUpState.CAME


def test_a_scan_sent_twice_has_one_effect(deeds: DeedsStage, held: Activity) -> None:
    volunteer = deeds.volunteer()
    first = scan(held, volunteer, "in", moment(hours=2))
    assert scan(held, volunteer, "in", moment(hours=2)).scan == first.scan
    out = scan(held, volunteer, "out", moment(hours=3))
    again = scan(held, volunteer, "out", moment(hours=3))
    assert (again.scan, again.claim) == (out.scan, out.claim)
    assert Scan.objects.count() == 2


@pytest.mark.parametrize(
    ("way", "when", "code"),
    [("out", 2.0, "outside"), ("in", 0.5, "early"), ("in", 9.0, "over"), ("in", -20.0, "early")],
)
def test_scans_at_the_wrong_moment(deeds: DeedsStage, held: Activity, way: str, when: float, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        scan(held, deeds.volunteer(), way, moment(hours=when))
    assert refused.value.code == code
    assert not Scan.objects.exists()


def test_a_slip_of_the_finger_ends_nothing(deeds: DeedsStage, held: Activity) -> None:
    volunteer = deeds.volunteer()
    scan(held, volunteer, "in", moment(hours=2))
    with pytest.raises(Refusal) as refused:
        scan(held, volunteer, "out", moment(hours=2.1))
    assert refused.value.code == "short"
    assert Scan.objects.count() == 1


def test_what_the_telephones_clock_says_changes_nothing(deeds: DeedsStage, held: Activity) -> None:
    volunteer = deeds.volunteer()
    scan(held, volunteer, "in", moment(hours=2), device_at=moment(hours=-20))
    done = scan(held, volunteer, "out", moment(hours=3), device_at=moment(days=40))
    assert done.claim is not None and done.claim.minutes == 40


def test_a_photograph_of_the_code_opens_nothing_afterwards(deeds: DeedsStage, held: Activity) -> None:
    """Passed on in a chat and opened an hour later by somebody who signs in only then."""
    friend = deeds.volunteer()
    signed_in(friend, at=moment(hours=2.9))
    with pytest.raises(Refusal) as refused:
        scan(held, friend, "in", moment(hours=2), sent=moment(hours=3), device="shared")
    assert refused.value.code == "unknown_device"


def test_a_known_telephone_sends_later_for_one_person_only(deeds: DeedsStage, held: Activity) -> None:
    one, other = deeds.volunteer(), deeds.volunteer()
    signed_in(one)
    signed_in(other)
    scan(held, one, "in", moment(hours=2), sent=moment(hours=8), device="shared")
    done = scan(held, one, "out", moment(hours=4), sent=moment(hours=8), device="shared")
    assert done.claim is not None
    assert (done.claim.state, done.claim.grade) == (ClaimState.WAITING, Grade.B)
    assert done.scan.at == moment(hours=4) and done.scan.received_at == moment(hours=8)
    with pytest.raises(Refusal) as refused:
        scan(held, other, "in", moment(hours=2), sent=moment(hours=8), device="shared")
    assert refused.value.code == "other_device"


def test_a_ticket_is_over_after_a_quarter_of_an_hour(deeds: DeedsStage, held: Activity) -> None:
    at = moment(hours=2)
    reading = rotating.Reading(rotating.window_of(at), at, late=False)
    given = scanning.ticket(held, reading, at)
    found = scanning.open_ticket(given, held, at + timedelta(minutes=14))
    assert found is not None and found.window == reading.window
    assert scanning.open_ticket(given, held, at + timedelta(minutes=16)) is None
    assert scanning.open_ticket(given, deeds.activity(), at) is None
    assert scanning.open_ticket(given[:-2], held, at) is None
    assert scanning.open_ticket("", held, at) is None


def test_one_telephone_for_many_is_flagged_not_refused(deeds: DeedsStage, held: Activity) -> None:
    people = [deeds.volunteer() for _ in range(3)]
    for person in people:
        scan(held, person, "in", moment(hours=2), device="shared")
    claims = [scan(held, person, "out", moment(hours=4), device="shared").claim for person in people]
    assert [claim and claim.state for claim in claims] == [ClaimState.WAITING] * 3
    assert claims[0] and claims[0].flags[0]["code"] == "device"


def test_who_never_scans_out_is_closed_at_the_planned_end(deeds: DeedsStage, held: Activity) -> None:
    volunteer = deeds.volunteer()
    scan(held, volunteer, "in", moment(hours=2))
    assert scanning.close_missing(moment(hours=6.9)) == 0
    assert scanning.close_missing(moment(hours=7.1)) == 1
    assert scanning.close_missing(moment(hours=8)) == 0
    claim = Claim.objects.get()
    assert (claim.closed_by_rule, claim.minutes, claim.state) == (True, 100, ClaimState.WAITING)
    signed_in(volunteer, device="")
    with pytest.raises(Refusal) as refused:  # nor can it be closed a second time by what comes late
        scan(held, volunteer, "out", moment(hours=4), sent=moment(hours=9))
    assert refused.value.code == "closed_by_rule"


def test_who_comes_unannounced_and_too_late_may_help_and_is_looked_at(deeds: DeedsStage, held: Activity) -> None:
    volunteer = deeds.volunteer()
    scan(held, volunteer, "in", moment(hours=3.2))
    done = scan(held, volunteer, "out", moment(hours=4))
    assert done.claim is not None and done.claim.state == ClaimState.WAITING
    assert [flag["code"] for flag in done.claim.flags] == ["unlisted"]


def test_the_organiser_takes_in_by_name_as_a_list(deeds: DeedsStage, held: Activity) -> None:
    volunteer = deeds.volunteer()
    scanning.at_desk(activity=held, volunteer=volunteer, way="in", by=deeds.lin, at=moment(hours=2))
    done = scanning.at_desk(activity=held, volunteer=volunteer, way="out", by=deeds.lin, at=moment(hours=4))
    assert done.claim is not None
    assert (done.claim.grade, done.claim.recorded_by, done.claim.state) == ("B", deeds.cast.lin, "waiting")
    with pytest.raises(NotAllowed):
        scanning.at_desk(activity=held, volunteer=volunteer, way="in", by=deeds.cast.sun.actor(), at=moment(hours=2))


def test_typed_hours_wait_for_a_second_person(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    volunteer = deeds.volunteer()
    claim = typed(deeds, held, [volunteer])[0]
    assert hours.totals(volunteer) == 0
    with pytest.raises(Refusal) as refused:
        claiming.approve(claim, by=deeds.lin, at=moment(hours=6))
    assert refused.value.code == "same_person"
    for other in (cast.sun, cast.li, cast.zhou):
        with pytest.raises(NotAllowed):
            claiming.approve(claim, by=other.actor(), at=moment(hours=6))
    entry = claiming.approve(claim, by=cast.zhao.actor(), at=moment(hours=6))
    assert (entry.minutes, entry.grade) == (120, Grade.C)  # nobody whom it served has confirmed
    with pytest.raises(Conflict):
        claiming.approve(claim, by=cast.zhao.actor(), at=moment(hours=7))


def test_nobody_writes_down_or_approves_their_own(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    own = deeds.volunteer()
    for member in (cast.lin, cast.zhao):
        member.phone = own.resident.phone
        member.save(update_fields=["phone"])
    with pytest.raises(Refusal) as refused:
        typed(deeds, held, [own])
    assert refused.value.code == "oneself"
    cast.lin.phone = ""
    cast.lin.save(update_fields=["phone"])
    claim = typed(deeds, held, [own], by=cast.lin.actor())[0]
    with pytest.raises(Refusal) as refused:
        claiming.approve(claim, by=cast.zhao.actor(), at=moment(hours=6))
    assert refused.value.code == "oneself"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"ends_at": moment(hours=1)}, "negative"),
        ({"ends_at": moment(hours=28)}, "too_long"),
        ({"starts_at": moment(hours=4), "ends_at": moment(hours=6)}, "future"),
        ({"starts_at": moment(days=-400), "ends_at": moment(days=-400, hours=1)}, "too_old"),
        ({"starts_at": moment(hours=-4), "ends_at": moment(hours=-3)}, "other_time"),
        ({"words": "  "}, "no_words"),
    ],
)
def test_typed_nonsense_writes_nothing(deeds: DeedsStage, held: Activity, told: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        typed(deeds, held, [deeds.volunteer()], told=told)
    assert refused.value.code == code and refused.value.field
    assert not Claim.objects.exists()


def test_the_same_hours_are_written_down_once(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    volunteer = deeds.volunteer()
    claim = typed(deeds, held, [volunteer])[0]
    with pytest.raises(Conflict):
        typed(deeds, held, [volunteer])
    claiming.refuse(claim, by=cast.zhao.actor(), at=moment(hours=6), reason="时间不对")
    assert typed(deeds, held, [volunteer])[0].pk != claim.pk


def test_a_days_quota_of_one_recorder(deeds: DeedsStage, held: Activity, cast: Cast) -> None:
    from chenyue.core import office

    office.put(volunteering_evidence={"quota_day": 2})
    typed(deeds, held, [deeds.volunteer(), deeds.volunteer()])
    with pytest.raises(Refusal) as refused:
        typed(deeds, held, [deeds.volunteer()])
    assert refused.value.code == "quota"
    typed(deeds, held, [deeds.volunteer()], at=moment(days=1))


def test_two_places_at_once_never_count_both(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    volunteer, other = deeds.volunteer(), deeds.activity(hours=3, served="邻里")
    first = typed(deeds, held, [volunteer])[0]
    second = typed(
        deeds, other, [volunteer], told={"starts_at": moment(hours=3), "ends_at": moment(hours=4.5)}
    )[0]  # fmt: skip
    assert "overlap" in {flag["code"] for flag in second.flags}
    claiming.approve(first, by=cast.zhao.actor(), at=moment(hours=6), reason="核实")
    with pytest.raises(Refusal) as refused:
        claiming.approve(second, by=cast.zhao.actor(), at=moment(hours=6), reason="也核实")
    assert refused.value.code == "overlap"
    entry = HourEntry.objects.get()
    claiming.counter(entry, by=cast.zhao.actor(), at=moment(hours=7), reason="人在别处")
    second.refresh_from_db()
    claiming.approve(second, by=cast.zhao.actor(), at=moment(hours=8), reason="核实")
    assert hours.totals(volunteer) == 90


def test_a_flag_needs_a_reason(deeds: DeedsStage, cast: Cast) -> None:
    bare = deeds.activity(hours=2)  # no photograph, nobody named who was served
    claim = typed(deeds, bare, [deeds.volunteer()])[0]
    with pytest.raises(Refusal) as refused:
        claiming.approve(claim, by=cast.zhao.actor(), at=moment(hours=6))
    assert (refused.value.code, refused.value.field) == ("why", "reason")
    claiming.approve(claim, by=cast.zhao.actor(), at=moment(hours=6), reason="问过门卫，属实")


def test_typed_a_week_later_is_attested_only(deeds: DeedsStage, held: Activity) -> None:
    assert typed(deeds, held, [deeds.volunteer()], at=moment(days=8))[0].grade == Grade.C


def test_a_mistake_has_a_counter_entry_and_no_row_changes(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    volunteer = deeds.volunteer()
    claim = typed(deeds, held, [volunteer])[0]
    entry = claiming.approve(claim, by=cast.zhao.actor(), at=moment(hours=6))
    with pytest.raises(Refusal) as refused:
        claiming.counter(entry, by=cast.zhao.actor(), at=moment(hours=7), reason="多记", minutes=121)
    assert refused.value.code == "range"
    back = claiming.counter(entry, by=cast.zhao.actor(), at=moment(hours=7), reason="多记半小时", minutes=30)
    assert (back.minutes, back.reverses, hours.totals(volunteer)) == (-30, entry, 90)
    with pytest.raises(Conflict):
        claiming.counter(entry, by=cast.zhao.actor(), at=moment(hours=8), reason="再来")
    standing = hours.standing(volunteer, BEGAN.date(), BEGAN.date())
    assert [row.left for row in standing] == [90]  # type: ignore[attr-defined]


def test_helping_on_a_case_counts_when_it_is_closed(deeds: DeedsStage, cast: Cast) -> None:
    from helpers import sample_case

    helped = deeds.activity(hours=2, case=sample_case(cast).case, served="报事居民")
    claim = typed(deeds, helped, [deeds.volunteer()])[0]
    with pytest.raises(Refusal) as refused:
        claiming.approve(claim, by=cast.zhao.actor(), at=moment(hours=6))
    assert refused.value.code == "case_open"
    Activity.objects.filter(pk=helped.pk).update(state=ActivityState.DONE)
    claiming.approve(claim, by=cast.zhao.actor(), at=moment(hours=6))


def test_several_at_once_each_by_itself(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    claims = typed(deeds, held, [deeds.volunteer(), deeds.volunteer()])
    claiming.refuse(claims[0], by=cast.zhao.actor(), at=moment(hours=6), reason="没来")
    kept = claiming.approve_many(claims, by=cast.zhao.actor(), at=moment(hours=7))
    assert list(kept) == [claims[0].pk]
    assert hours.public_totals().minutes == 120

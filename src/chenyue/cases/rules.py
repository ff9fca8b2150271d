"""Who may do what with a case. Pure: asks nothing of the database (a member's grants are loaded once)."""

from collections.abc import Iterable, Sequence

from chenyue.cases.lifecycle import OPEN, TABLE, WORKING, Move, State, allowed
from chenyue.cases.models import Assignment, AssignmentRole, Case, Extension, Return
from chenyue.people.models import Member
from chenyue.people.rules import may

# Moves of the unit that leads: the permission counts within that unit.
OF_THE_LEAD = {Move.ACCEPT, Move.RETURN, Move.ANSWER, Move.SUSPEND, Move.RESUME, Move.EXTEND}
# Moves of those who stand above the units, or watch over one of them.
OF_THE_OFFICE = {Move.TRIAGE, Move.DISPATCH, Move.UPHOLD_RETURN, Move.REFUSE_RETURN, Move.REASSIGN, Move.DECLINE}
MANY_RETURNS = 2  # from the second return on, a meeting is proposed instead of a third hand-over


def places_of(case: Case) -> set[int]:
    """The case's place and what lies above it, as scopes count them."""
    return {pk for pk in (case.place_id, case.building_id, case.estate_id, case.community_id) if pk}


def units_of(assignments: Iterable[Assignment]) -> set[int]:
    """Units that may see and work on the case now."""
    return {a.unit_id for a in assignments if a.active}


def holds(member: Member, word: str, case: Case, units: set[int]) -> bool:
    """Whether a permission word reaches this case by unit, place and sensitivity."""
    return may(member, word, unit_ids=units, place_ids=places_of(case), sensitivity=case.sensitivity)


def accused(member: Member, case: Case) -> bool:
    """Whether the matter is about this member's own unit: they neither see it nor act on it."""
    return case.accused_unit_id is not None and case.accused_unit_id == member.unit_id


def may_see(member: Member, case: Case, assignments: Iterable[Assignment]) -> bool:
    """Whether the case exists for this member at all."""
    return not accused(member, case) and holds(member, "case.see", case, units_of(assignments))


def may_move(
    member: Member,
    move: Move,
    case: Case,
    assignments: Sequence[Assignment],
    *,
    open_return: Return | None = None,
    open_extension: Extension | None = None,
) -> bool:
    """Whether this member has the permission for a move here; the state is asked separately."""
    if accused(member, case):
        return False
    lead = {a.unit_id for a in assignments if a.active and a.role == AssignmentRole.LEAD}
    word = TABLE[move].permission
    if move == Move.WITHDRAW:
        return False  # nobody takes a resident's appeal back for them
    if move == Move.EXTEND and open_extension is not None:
        return decides_extension(member, case, open_extension)
    if move in OF_THE_OFFICE:
        # Nobody judges their own objection; and a unit alone can't send work elsewhere.
        own = open_return is not None and open_return.member_id == member.pk
        return not own and holds(member, word, case, set())
    if move in OF_THE_LEAD:
        return bool(lead) and holds(member, word, case, lead)
    if move == Move.CONTACT:
        return holds(member, word, case, lead) or holds(member, "case.triage", case, set())
    return holds(member, word, case, lead or units_of(assignments))


def decides_extension(member: Member, case: Case, extension: Extension) -> bool:
    """Whether this member may grant or refuse: with the permission, and never one's own request."""
    units = {case.lead_id} if case.lead_id else set()
    return extension.asked_by_id != member.pk and holds(member, "case.extend.grant", case, units)


def moves_for(
    member: Member,
    case: Case,
    assignments: Sequence[Assignment],
    *,
    open_return: Return | None = None,
    open_extension: Extension | None = None,
    returned_before: Iterable[int] = (),
) -> list[Move]:
    """The moves that this member may make now; pages show these and no others.

    `returned_before`: units whose return was refused in this round; they can't return again.
    """
    found = []
    for move in TABLE:
        if not allowed(case.state, move) or not _fits(move, case, open_return, returned_before):
            continue
        if may_move(member, move, case, assignments, open_return=open_return, open_extension=open_extension):
            found.append(move)
    return found


def _fits(move: Move, case: Case, open_return: Return | None, returned_before: Iterable[int]) -> bool:
    """What besides state and permission decides whether a move makes sense."""
    if move in (Move.UPHOLD_RETURN, Move.REFUSE_RETURN):
        return open_return is not None
    if move == Move.RETURN:
        return open_return is None and case.lead_id not in set(returned_before)
    if move == Move.CONTACT:
        return case.contacted_at is None
    if move == Move.SPLIT:
        return case.state == State.JOINED or case.appeals_count > 1
    return True


def parts_for(member: Member, case: Case, assignments: Sequence[Assignment]) -> list[str]:
    """What this member may do for a part of the case, or beside its moves."""
    if not may_see(member, case, assignments):
        return []
    found = []
    mine = [a for a in _assists(assignments) if holds(member, "case.work", case, {a.unit_id})]
    working = State(case.state) in WORKING
    if working and any(a.state == Assignment.State.SENT for a in mine):
        found.append("accept_part")
    if working and any(a.state in (Assignment.State.SENT, Assignment.State.ACCEPTED) for a in mine):
        found.append("report_part")
    if working and any(unfinished(a) for a in _assists(assignments)) and may_excuse(member, case):
        found.append("excuse_part")
    if working and part_to_staff(member, case, assignments) is not None:
        found.append("set_officer")
    if holds(member, "case.work", case, units_of(assignments)) or holds(member, "case.triage", case, set()):
        found.append("add_note")
        if State(case.state) in (*OPEN, State.ANSWERED):
            found.append("attach")
    return found


def part_to_staff(
    member: Member | None, case: Case, assignments: Iterable[Assignment], unit_id: int | None = None
) -> Assignment | None:
    """The part whose officer this member may name: the lead's first. None: no part is theirs. By the system: any."""
    mine = [
        a
        for a in assignments
        if a.active
        and (unit_id is None or a.unit_id == int(unit_id))
        and (member is None or (not accused(member, case) and holds(member, "case.work", case, {a.unit_id})))
    ]
    return min(mine, key=lambda a: a.role != AssignmentRole.LEAD, default=None)


def _assists(assignments: Iterable[Assignment]) -> list[Assignment]:
    return [a for a in assignments if a.active and a.role == AssignmentRole.ASSIST]


def unfinished(assignment: Assignment) -> bool:
    """Whether an answer still waits for this part."""
    return assignment.active and assignment.state in (Assignment.State.SENT, Assignment.State.ACCEPTED)


def may_excuse(member: Member, case: Case) -> bool:
    """Who may let an assisting unit off: those who dispatch, or who watch over the leading unit."""
    units = {case.lead_id} if case.lead_id else set()
    return holds(member, "case.dispatch", case, set()) or holds(member, "case.supervise", case, units)


def proposes_whistle(case: Case) -> bool:
    """Whether a meeting is proposed instead of a further hand-over."""
    return case.returns_count >= MANY_RETURNS

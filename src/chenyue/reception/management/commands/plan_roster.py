"""`manage.py plan_roster --from DATE --to DATE`: a roster at the command line."""

import json
import threading
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.people.models import Member
from chenyue.people.queries import members_with
from chenyue.reception import venues
from chenyue.reception.models import Sitting
from chenyue.reception.rostering import building, drafts, engine, ledger, planning, saying, showing
from chenyue.reception.solving.checking import Checker
from chenyue.reception.solving.problem import Solution


class Command(BaseCommand):
    """With `--dry-run` nothing is written; else a draft is asked for, which somebody looks over and publishes."""

    help = "Plans who receives from one day to another."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", required=True, help="the first day, such as 2026-12-01")
        parser.add_argument("--to", dest="last", required=True, help="the last day")
        parser.add_argument("--seconds", type=int, default=60, help="how long to search (default: 60)")
        parser.add_argument("--replan", action="store_true", help="change as little as possible of what is published")
        parser.add_argument("--by", help="user name of who asks (default: the first member who plans)")
        parser.add_argument("--dry-run", action="store_true", help="only show; write nothing")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        first, last = _day(options["first"]), _day(options["last"])
        seconds = options["seconds"]
        try:
            if options["dry_run"]:
                said = self._dry(first, last, seconds, options["replan"])
            else:
                said = self._ask(first, last, seconds, options["replan"], options["by"])
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1) if options["json"] else _words(said))

    def _ask(self, first: date, last: date, seconds: int, replans: bool, username: str | None) -> dict[str, Any]:
        plan = planning.ask(
            first=first, last=last, by=_planner(username), at=timezone.now(), seconds=seconds, replans=replans
        )
        return {"plan": plan.pk, "state": plan.state, "from": first.isoformat(), "to": last.isoformat()}

    @transaction.atomic
    def _dry(self, first: date, last: date, seconds: int, replans: bool) -> dict[str, Any]:
        """Sittings that aren't made yet are made for the sake of planning, and taken back at the end."""
        at = timezone.now()
        planning.check_days(first, last, at)
        venues.ensure_sittings(max(first, timezone.localdate(at)), last, at)
        built = building.build(first, last, at=at, replans=replans)
        if not built.people:
            raise CommandError("Nobody is on the roster yet.")
        never = threading.Event().is_set
        told: Any = lambda *found: None  # noqa: E731 – nobody listens at the command line
        solution = engine.solve(built, seconds, replans=replans, progress=told, keep=told, stop=never)
        said = _shown(built, solution, first, last)
        if not solution.legal:
            rows = engine.findings(built, solution.assignment, seconds, stop=never)
            said["why"] = [{k: v for k, v in row.items() if k != "draft"} for row in rows]
        transaction.set_rollback(True)
        return said


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} isn't a day such as 2026-12-01.") from error


def _planner(username: str | None) -> Actor:
    if username is None:
        found = members_with(planning.WORD)
        if not found:
            raise CommandError("Nobody may plan the roster. Give somebody the right first.")
        return found[0].actor()
    member = Member.objects.filter(username=username, is_active=True).first()
    if member is None:
        raise CommandError(f"There is no member {username}.")
    return member.actor()


def _shown(built: building.Built, solution: Solution, first: date, last: date) -> dict[str, Any]:
    draft = drafts.stored(solution.assignment.turns, built)
    names = {pk: person.member.name for pk, person in built.people.items()}
    checker = Checker(built.problem)
    leads, others = showing.groups(ledger.of_year(first.year))
    spread_leads, spread_others = checker.spread(solution.assignment)
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "legal": solution.legal,
        "objective": solution.objective,
        "bound": solution.bound,
        "proven": solution.proven,
        "method": solution.method,
        "seconds": solution.seconds,
        "people": {"leads": leads.people, "others": others.people},
        "spread": {"leads": spread_leads / ledger.TURN, "others": spread_others / ledger.TURN},
        "broken": [saying.sentence(breach, built) for breach in solution.breaches],
        "sittings": [_sitting(built.sittings[pk], draft.get(pk, []), names) for pk in built.planned],
    }


def _sitting(sitting: Sitting, here: list[Any], names: dict[str, str]) -> dict[str, Any]:
    local = timezone.localtime(sitting.starts_at)
    return {
        "day": sitting.day.isoformat(),
        "starts": f"{local:%H:%M}",
        "venue": sitting.venue.name,
        "lead": next((names[str(pk)] for pk, lead in here if lead), ""),
        "members": [names[str(pk)] for pk, _lead in here],
    }


def _words(said: dict[str, Any]) -> str:
    if "plan" in said:
        return f"Plan {said['plan']} was asked for, {said['from']} to {said['to']}. Look it over on the page of plans."
    rows = [f"{s['day']} {s['starts']} {s['venue']}: {'、'.join(s['members']) or '—'}" for s in said["sittings"]]
    bound = "none" if said["bound"] is None else f"{said['bound']:g}"
    end = f"Price {said['objective']}, bound {bound}, {said['method']}, {said['seconds']:.1f} s."
    return "\n".join([*rows, *said["broken"], *(row["words"] for row in said.get("why", [])), end])

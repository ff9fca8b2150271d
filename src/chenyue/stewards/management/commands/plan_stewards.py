"""`manage.py plan_stewards --reason balance`: a proposal of re-assignment at the command line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.people.models import Member
from chenyue.people.queries import members_with
from chenyue.places.models import Kind, Place
from chenyue.stewards.lifecycle import StewardState
from chenyue.stewards.models import Steward
from chenyue.stewards.planning import asking, computing, saying
from chenyue.stewards.planning.building import REASONS, Built, build
from chenyue.stewards.solving import solver


class Command(BaseCommand):
    """With `--dry-run` nothing is written; else a proposal is asked for, which somebody looks over and carries out."""

    help = "Proposes who should answer for which building."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", choices=sorted(REASONS), default="balance", help="what for (default: balance)")
        parser.add_argument(
            "--leaving", nargs="*", default=[], metavar="STEWARD", help="names or numbers of who leaves"
        )
        parser.add_argument("--within", help="only this community or estate, by its full name")
        parser.add_argument("--seconds", type=int, default=8, help="how long to search (default: 8)")
        parser.add_argument("--by", help="user name of who asks (default: the first member who appoints stewards)")
        parser.add_argument("--dry-run", action="store_true", help="only show; write nothing")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        leaving = [_steward(text) for text in options["leaving"]]
        details = {"leaving": leaving, "within": _within(options["within"]), "seconds": options["seconds"]}
        try:
            said = (_dry if options["dry_run"] else _ask)(options["reason"], options["by"], **details)
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1) if options["json"] else _words(said))


def _ask(reason: str, username: str | None, **details: Any) -> dict[str, Any]:
    plan = asking.ask(reason=reason, by=_asker(username), at=timezone.now(), **details)
    return {"plan": plan.pk, "state": plan.state}


def _dry(reason: str, username: str | None, *, leaving: list[int], within: int | None, seconds: int) -> dict[str, Any]:
    built = build(reason, day=timezone.localdate(), leaving=leaving, within=within, seconds=float(seconds))
    if not built.problem.serving or not built.problem.buildings:
        raise CommandError("There is nothing to share out, or nobody to share it among.")
    result = computing.told(built, solver.assign(built.problem))
    return _named(result, built)


def _named(result: dict[str, Any], built: Built) -> dict[str, Any]:
    """The result with names and sentences in place of ids and words."""
    people = {pk: row.name for pk, row in built.stewards.items()}
    places = {pk: row.full_name for pk, row in built.places.items()}
    return {
        "changes": [
            {
                "building": places[c["building"]],
                "before": people.get(c["before"], ""),
                "after": people[c["after"]],
                "why": saying.facts(c["why"], people),
            }
            for c in result["changes"]
        ],
        "vacant": [
            {"building": places[v["building"]], "why": saying.facts([v["why"]], people)[0]} for v in result["vacant"]
        ],
        "loads": [
            {"steward": people[row["steward"]], "before": row["before"], "after": row["after"]}
            | ({"uneven": "".join(saying.facts([row["why"]], people))} if row["why"] else {})
            for row in result["loads"]
        ],
        "figures": result["figures"],
    }


def _asker(username: str | None) -> Actor:
    if username is None:
        found = members_with(asking.WORD)
        if not found:
            raise CommandError("Nobody may appoint stewards. Give somebody the right first.")
        return found[0].actor()
    member = Member.objects.filter(username=username, is_active=True).first()
    if member is None:
        raise CommandError(f"There is no member {username}.")
    return member.actor()


def _steward(text: str) -> int:
    rows = Steward.objects.exclude(state=StewardState.ENDED)
    found = list(rows.filter(pk=int(text)) if text.isdecimal() else rows.filter(name=text))
    if len(found) != 1:
        raise CommandError(f"{text}: {len(found)} stewards are called so. Give the number of one.")
    return found[0].pk


def _within(text: str | None) -> int | None:
    if text is None:
        return None
    found = Place.objects.filter(kind__in=[Kind.COMMUNITY, Kind.ESTATE], full_name=text, active=True).first()
    if found is None:
        raise CommandError(f"There is no community or estate {text}.")
    return found.pk


def _words(said: dict[str, Any]) -> str:
    if "plan" in said:
        return f"Proposal {said['plan']} was asked for. Look it over on the page of proposals."
    rows = [f"{c['building']}: {c['before'] or '—'} → {c['after']}  {''.join(c['why'])}" for c in said["changes"]]
    rows += [f"{v['building']}: —  {v['why']}" for v in said["vacant"]]
    figures = said["figures"]
    uneven = f"{figures['outside_before']} → {figures['outside_after']}"
    end = f"{len(said['changes'])} changes, uneven loads {uneven}, {figures['seconds']:.1f} s, {figures['tried']}."
    return "\n".join([*rows, end])

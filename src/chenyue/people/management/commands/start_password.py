"""`manage.py start_password NAME`: let somebody in again when nobody else can."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from chenyue.core.actors import SYSTEM
from chenyue.people import actions, factors
from chenyue.people.models import Member


class Command(BaseCommand):
    help = "Gives a member a new start password, shown once, to be changed at the next sign-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--without-second-factor", action="store_true", help="remove the second factor as well")

    def handle(self, *args: Any, **options: Any) -> None:
        member = Member.objects.filter(username=options["username"].strip().lower()).first()
        if member is None:
            raise CommandError("There is no member of this user name.")
        at = timezone.now()
        password = actions.reset_password(member=member, by=SYSTEM, at=at)
        if options["without_second_factor"]:
            factors.remove(member=member, by=SYSTEM, at=at)
        self.stdout.write(password)

"""Django's sessions in the database, read by a prepared query: every page of the desk reads one."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from chenyue.core.prepared import prepared


@prepared
def _living(*, key: Any, now: Any) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    """As Django's, from the same table."""

    def save(self, must_create: bool = False) -> None:
        """Store it. A full disk or a database that is away is said as such.

        Django takes every failure for a session that somebody else has ended meanwhile, and answers 400: whoever was
        just told that the disk is full would read that what they sent couldn't be understood.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from None
            raise

    def _get_session_from_db(self) -> Session | None:  # Django's own name for this step
        found = _living.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found

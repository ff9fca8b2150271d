"""Doors of reception: staff under /desk/reception/ and /desk/roster/, residents under /reception/, screens by token."""

from chenyue.reception.urls_queue import queue
from chenyue.reception.urls_roster import roster, venues
from chenyue.reception.urls_screens import doors as screens

app_name = "reception"


urlpatterns = [*venues, *roster, *queue, *screens]

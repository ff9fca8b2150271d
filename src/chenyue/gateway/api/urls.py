"""One address for all of the API: what lies behind it is loaded when somebody first calls."""

from django.urls import re_path

from chenyue.gateway.api import door

urlpatterns = [re_path(r"^(?P<rest>.*)$", door.door, name="api")]

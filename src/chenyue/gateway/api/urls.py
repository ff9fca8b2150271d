"""One address for all of the API: what lies behind it is loaded when somebody first calls."""

from django.urls import re_path

from chenyue.gateway.api import door

# Whatever stands there, a line break too: nobody gets a page of HTML below /api/.
urlpatterns = [re_path(r"^(?P<rest>[\s\S]*)\Z", door.door, name="api")]

"""The doors of `chenyue.works`: staff under /desk/works/, residents under /works/."""

from chenyue.works.urls_public import public
from chenyue.works.urls_said import said
from chenyue.works.urls_site import site

app_name = "works"
urlpatterns = [*site, *said, *public]

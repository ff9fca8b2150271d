"""The doors of `chenyue.mediation`: staff under /desk/mediation/, parties under /m/."""

from chenyue.mediation import urls_agree, urls_core, urls_faces, urls_paper, urls_talks

app_name = "mediation"
# The core's come first: `desk/mediation/new/` is no number.
urlpatterns = [*urls_core.urls, *urls_talks.urls, *urls_agree.urls, *urls_paper.urls, *urls_faces.urls]

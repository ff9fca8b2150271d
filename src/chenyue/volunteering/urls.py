"""The doors of `chenyue.volunteering`: staff below /desk/volunteering/, residents below /volunteering/."""

from chenyue.volunteering import urls_deeds, urls_proofs

app_name = "volunteering"
urlpatterns = [
    *urls_deeds.urls,
    *urls_proofs.urls,
]

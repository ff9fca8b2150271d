"""The doors of `chenyue.volunteering`: staff below /desk/volunteering/, residents below /volunteering/."""

from chenyue.volunteering import urls_contracts, urls_deeds, urls_ledger, urls_proofs, urls_self

app_name = "volunteering"
urlpatterns = [
    *urls_ledger.urls,
    *urls_contracts.urls,
    *urls_deeds.urls,
    *urls_proofs.urls,
    *urls_self.urls,
]

"""Doors of agreements, of their performance and of judicial confirmation; joined in `urls`."""

from django.urls import URLPattern, path

from chenyue.mediation.views import agreement, agreement_signing, confirmation, copies, performance

ONE = "desk/mediation/<slug:number>/"
AGREEMENT = ONE + "agreement/<int:n>/"
PART = ONE + "performance/<int:pk>/"
RECEIPT = ONE + "receipts/<int:pk>/"
VISIT = ONE + "visits/<int:pk>/"
COURT = AGREEMENT + "confirmation/"
CLAUSES = "desk/mediation-clauses/"  # not below desk/mediation/, where a mediation's number stands

urls: list[URLPattern] = [
    path(ONE + "agreement/", agreement.tab, name="agreement"),
    path(ONE + "agreement/new/", agreement.new, name="agreement-new"),
    path(AGREEMENT, agreement.one, name="agreement-one"),
    path(AGREEMENT + "edit/", agreement.edit, name="agreement-edit"),
    path(AGREEMENT + "clause/", agreement.add_clause, name="agreement-clause"),
    path(AGREEMENT + "owed/", agreement.owed, name="agreement-owed-new"),
    path(AGREEMENT + "owed/<int:pk>/", agreement.owed, name="agreement-owed"),
    path(AGREEMENT + "owed/<int:pk>/remove/", agreement.owed_remove, name="agreement-owed-remove"),
    path(AGREEMENT + "do/<slug:what>/", agreement.do, name="agreement-do"),
    path(AGREEMENT + "say/<slug:what>/", agreement.say, name="agreement-say"),
    path(AGREEMENT + "sign/", agreement_signing.paper, name="agreement-sign"),
    path(AGREEMENT + "sign/<int:order>/", agreement_signing.screen, name="agreement-screen"),
    path(AGREEMENT + "marks/<int:pk>/", agreement_signing.strike, name="agreement-strike"),
    path(AGREEMENT + "seal/", agreement_signing.seal, name="agreement-seal"),
    path(AGREEMENT + "scan/", agreement_signing.scan, name="agreement-scan"),
    path(AGREEMENT + "copies/", copies.hand_over, name="copy-new"),
    path(AGREEMENT + "copies/<int:pk>/strike/", copies.strike, name="copy-strike"),
    path(COURT, confirmation.one, name="confirmation"),
    path(COURT + "applied/", confirmation.applied, name="confirmation-applied"),
    path(COURT + "ruled/", confirmation.ruled, name="confirmation-ruled"),
    path(COURT + "<slug:what>/", confirmation.do, name="confirmation-do"),
    path(ONE + "performance/", performance.tab, name="performance"),
    path(ONE + "performance/finish/", performance.finish, name="finish"),
    path(PART + "receipt/", performance.receipt, name="receipt"),
    path(PART + "<slug:what>/", performance.part, name="part"),
    path(RECEIPT + "confirm/", performance.receipt_confirm, name="receipt-confirm"),
    path(RECEIPT + "<slug:what>/", performance.receipt_say, name="receipt-say"),
    path(ONE + "visits/new/", performance.visit_new, name="visit-new"),
    path(VISIT, performance.visit, name="visit"),
    path(VISIT + "tried/", performance.visit_tried, name="visit-tried"),
    path(CLAUSES, confirmation.library, name="clauses"),
    path(CLAUSES + "new/", confirmation.clause, name="clause-new"),
    path(CLAUSES + "<slug:code>/", confirmation.clause, name="clause"),
]

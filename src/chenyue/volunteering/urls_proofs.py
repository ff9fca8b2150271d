"""Doors of evidence, hours and certificates: staff below /desk/volunteering/, everybody below /volunteering/."""

from django.urls import path

from chenyue.volunteering.views import proofs_certificates, proofs_checkin, proofs_checks, proofs_code, proofs_hours

HERE = "desk/volunteering/"
ACTIVITY = HERE + "activities/<slug:number>/"
HOURS = HERE + "hours/"
CERTIFICATES = HERE + "certificates/"
CHECK_IN = "volunteering/check-in/<slug:number>/"
CONFIRM = "volunteering/confirm/<str:token>/"

urls = [
    path(ACTIVITY + "code/", proofs_code.display, name="activity-code"),
    path(ACTIVITY + "attendance/", proofs_code.attendance, name="attendance"),
    path(ACTIVITY + "attendance/typed/", proofs_code.typed, name="hours-typed"),
    path(ACTIVITY + "attendance/scan/", proofs_code.desk_scan, name="desk-scan"),
    path(HOURS, proofs_hours.claims, name="claims"),
    path(HOURS + "decide/", proofs_hours.decide_many, name="decide-many"),
    path(HOURS + "new/", proofs_code.typed_alone, name="hours-typed-alone"),
    path(HOURS + "claims/<int:pk>/", proofs_hours.claim, name="claim"),
    path(HOURS + "claims/<int:pk>/ask/", proofs_hours.ask_served, name="ask-served"),
    path(HOURS + "claims/<int:pk>/<slug:what>/", proofs_hours.claim_do, name="claim-do"),
    path(HOURS + "ledger/", proofs_hours.ledger, name="hours-ledger"),
    path(HOURS + "export/", proofs_certificates.export, name="hours-export"),
    path(HOURS + "checks/", proofs_checks.checks, name="hours-checks"),
    path(HOURS + "checks/<int:pk>/", proofs_checks.check, name="hours-check"),
    path(HOURS + "pleas/", proofs_checks.pleas, name="hours-pleas"),
    path(HOURS + "pleas/<int:pk>/", proofs_checks.plea, name="hours-plea"),
    path(CERTIFICATES, proofs_certificates.certificates, name="certificates"),
    path(CERTIFICATES + "new/", proofs_certificates.new, name="certificate-new"),
    path(CERTIFICATES + "<int:pk>/", proofs_certificates.certificate, name="certificate"),
    path(CERTIFICATES + "<int:pk>/paper/<slug:kind>/", proofs_certificates.paper, name="certificate-paper"),
    path(CERTIFICATES + "<int:pk>/<slug:what>/", proofs_certificates.certificate_do, name="certificate-do"),
    path(CHECK_IN, proofs_checkin.check_in, name="check-in"),
    path(CHECK_IN + "done/", proofs_checkin.checked, name="checked"),
    path(CHECK_IN + "<slug:code>/", proofs_checkin.code, name="check-in-code"),
    path(CONFIRM, proofs_checks.confirm, name="confirm"),
    path(CONFIRM + "thanks/", proofs_checks.confirmed, name="confirmed"),
    path("volunteering/certificate/<str:code>/", proofs_certificates.verify, name="certificate-check"),
]

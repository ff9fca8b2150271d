"""Rows of mediation, by what they are about. `sealed` is left out on purpose: only `mediation.sealing` asks for it."""

from chenyue.mediation.models import sealed as _sealed  # noqa: F401 – Django has to know the tables
from chenyue.mediation.models.afterwards import Calculation, Dossier, DossierDocument, FollowUpVisit
from chenyue.mediation.models.agreements import (
    Agreement,
    Clause,
    Copy,
    Instalment,
    JudicialConfirmation,
    ModelClause,
    Obligation,
    Receipt,
    Signature,
)
from chenyue.mediation.models.complaints import Complaint
from chenyue.mediation.models.matters import Committee, Extension, Mediation, RiskReport
from chenyue.mediation.models.mediators import Appointment, Conflict, DeclaredTie, Invitation, Mediator
from chenyue.mediation.models.meetings import Attendance, Evidence, Meeting, MinutesText, MinutesWord
from chenyue.mediation.models.parties import Consent, Party, Representative

__all__ = [
    "Agreement",
    "Appointment",
    "Attendance",
    "Calculation",
    "Clause",
    "Committee",
    "Complaint",
    "Conflict",
    "Consent",
    "Copy",
    "DeclaredTie",
    "Dossier",
    "DossierDocument",
    "Evidence",
    "Extension",
    "FollowUpVisit",
    "Instalment",
    "Invitation",
    "JudicialConfirmation",
    "Mediation",
    "Mediator",
    "Meeting",
    "MinutesText",
    "MinutesWord",
    "ModelClause",
    "Obligation",
    "Party",
    "Receipt",
    "Representative",
    "RiskReport",
    "Signature",
]

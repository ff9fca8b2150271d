"""Rows of volunteering."""

from chenyue.volunteering.models.activities import Activity, ActivityPhoto, Need, SignUp, Skill, Volunteer, WeekPlan
from chenyue.volunteering.models.certificates import Certificate
from chenyue.volunteering.models.contracts import (
    Booking,
    Contract,
    Service,
    Settlement,
    Slot,
    Supplier,
    WaitingPlace,
)
from chenyue.volunteering.models.evidence import Claim, HourEntry, Plea, Scan, SpotCheck
from chenyue.volunteering.models.ledger import (
    Account,
    ConversionRule,
    FamilyTie,
    Holding,
    LedgerSeal,
    Lot,
    Move,
    Posting,
    Proposal,
)

__all__ = [
    "Account",
    "Activity",
    "ActivityPhoto",
    "Booking",
    "Certificate",
    "Claim",
    "Contract",
    "ConversionRule",
    "FamilyTie",
    "Holding",
    "HourEntry",
    "LedgerSeal",
    "Lot",
    "Move",
    "Need",
    "Plea",
    "Posting",
    "Proposal",
    "Scan",
    "Service",
    "Settlement",
    "SignUp",
    "Skill",
    "Slot",
    "SpotCheck",
    "Supplier",
    "Volunteer",
    "WaitingPlace",
    "WeekPlan",
]

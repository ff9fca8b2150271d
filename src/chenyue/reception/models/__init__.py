"""Rows of reception: venues and sittings; the roster; the queue and its visits."""

from chenyue.reception.models.booking import WaitEntry
from chenyue.reception.models.queue import CallLog, Party, Priority, SittingReport, Ticket, Visit, VisitAppeal
from chenyue.reception.models.roster import (
    Leave,
    LedgerCorrection,
    Plan,
    RosterPerson,
    RosterRules,
    Shift,
    Swap,
    Wish,
)
from chenyue.reception.models.venues import DayChange, Opening, Sitting, Venue

__all__ = [
    "CallLog", "DayChange", "Leave", "LedgerCorrection", "Opening", "Party", "Plan", "Priority", "RosterPerson",
    "RosterRules", "Shift", "Sitting", "SittingReport", "Swap", "Ticket", "Venue", "Visit", "VisitAppeal", "WaitEntry",
    "Wish",
]  # fmt: skip

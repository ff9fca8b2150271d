"""Bookings and contracts in the proof of the ledger: counters say what the bookings say, nothing is sold twice.

Invariants 5, 6 and 8 of the reference: within quantity and budget, settled by a settlement of its own contract, one
hold and one end for each.
"""

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext as _

from chenyue.volunteering.proving import FEW, proof

# Each gives the rows that are wrong: what it is, its key, what stands there, what should.
_SLOTS = """
SELECT s.id, s.taken, COALESCE(b.n, 0) + COALESCE(w.n, 0) FROM volunteering_slot s
LEFT JOIN (SELECT slot_id, COUNT(*) AS n FROM volunteering_booking WHERE state IN ('held', 'attended', 'missed')
           GROUP BY slot_id) b ON b.slot_id = s.id
LEFT JOIN (SELECT slot_id, COUNT(*) AS n FROM volunteering_waitingplace WHERE state = 'called'
           GROUP BY slot_id) w ON w.slot_id = s.id
WHERE s.taken <> COALESCE(b.n, 0) + COALESCE(w.n, 0) ORDER BY s.id"""
_SERVICES = """
SELECT v.id, v.used, COALESCE(b.n, 0) FROM volunteering_service v
LEFT JOIN (SELECT s.service_id, COUNT(*) AS n FROM volunteering_booking k JOIN volunteering_slot s ON s.id = k.slot_id
           WHERE k.state IN ('held', 'attended') OR (k.state = 'missed' AND k.owed > 0)
           GROUP BY s.service_id) b ON b.service_id = v.id
WHERE v.used <> COALESCE(b.n, 0) ORDER BY v.id"""
_CONTRACTS = """
SELECT c.number, c.owed, COALESCE(b.n, 0) FROM volunteering_contract c
LEFT JOIN (SELECT v.contract_id, SUM(k.owed) AS n FROM volunteering_booking k
           JOIN volunteering_slot s ON s.id = k.slot_id JOIN volunteering_service v ON v.id = s.service_id
           GROUP BY v.contract_id) b ON b.contract_id = c.id
WHERE c.owed <> COALESCE(b.n, 0) ORDER BY c.id"""
_HELD = """
SELECT k.number, k.credits, COALESCE(m.n, 0) FROM volunteering_booking k
LEFT JOIN (SELECT posting_id, SUM(amount) AS n FROM volunteering_move GROUP BY posting_id) m ON m.posting_id = k.hold_id
WHERE k.credits <> COALESCE(m.n, 0) ORDER BY k.id"""
_ENDS = """
SELECT k.number, k.state, '' FROM volunteering_booking k LEFT JOIN volunteering_posting p ON p.id = k.end_id
WHERE (k.end_id IS NOT NULL AND (p.reverses_id IS NULL OR p.reverses_id <> k.hold_id))
   OR (k.state = 'held' AND k.end_id IS NOT NULL)
   OR (k.state = 'attended' AND (k.signed_at IS NULL) <> (k.end_id IS NULL))
   OR (k.state IN ('cancelled', 'called_off') AND k.end_id IS NULL) ORDER BY k.id"""
_SETTLED = """
SELECT k.number, t.id, v.contract_id FROM volunteering_booking k
JOIN volunteering_settlement t ON t.id = k.settlement_id
JOIN volunteering_slot s ON s.id = k.slot_id JOIN volunteering_service v ON v.id = s.service_id
WHERE t.contract_id <> v.contract_id OR t.state = 'draft' ORDER BY k.id"""


@proof("bookings")
def bookings() -> Iterator[str]:
    """Places, quantities and budgets counted anew from the bookings; holds and ends; settlements."""
    sentences = (
        (_SLOTS, _("Slot %(key)s: %(is)s places are counted as taken, %(should)s are.")),
        (_SERVICES, _("Service %(key)s: %(is)s are counted as used, %(should)s are.")),
        (_CONTRACTS, _("Contract %(key)s: %(is)s fen are counted as owed, %(should)s are.")),
        (_HELD, _("Booking %(key)s takes %(is)s hundredths, its hold has %(should)s.")),
        (_ENDS, _("Booking %(key)s (%(is)s) didn't end as its state says.")),
        (_SETTLED, _("Booking %(key)s stands in a settlement that isn't its own or isn't agreed.")),
    )
    with connection.cursor() as cursor:
        for sql, sentence in sentences:
            cursor.execute(sql)
            for key, stands, should in cursor.fetchmany(FEW):
                yield sentence % {"key": key, "is": stands, "should": should}

"""What happens to bookings and contracts by itself: reminders, lapses, final losses, ends."""

from datetime import datetime, timedelta

from chenyue.core.ticks import every
from chenyue.volunteering import acts, booking_letters, buying, ending, slotting, waiting
from chenyue.volunteering.lifecycle import BookingState
from chenyue.volunteering.models import Booking, Supplier

REMIND = timedelta(hours=26)  # before the beginning
LICENCE_DAYS = 30
BATCH = 200


@every(300, "volunteering.bookings")
def bookings(at: datetime) -> int:
    """Places that were kept in vain, losses that are final, bookings that nobody recorded, slots that are over."""
    done = waiting.lapse_due(at) + ending.finish_due(at) + ending.waive_due(at)
    return done + slotting.close_over(at)


@every(1800, "volunteering.booking-reminders")
def remind(at: datetime) -> int:
    """Tell who has booked for tomorrow, once; how many."""
    due = Booking.objects.filter(
        state=BookingState.HELD, told_at=None, slot__starts_at__gt=at, slot__starts_at__lte=at + REMIND
    )
    told = 0
    for row in due.select_related("slot__service__place", "resident").order_by("slot__starts_at", "pk")[:BATCH]:
        if Booking.objects.filter(pk=row.pk, told_at=None, state=BookingState.HELD).update(told_at=at):
            booking_letters.remind(row, at)
            told += 1
    return told


@every(6 * 3600, "volunteering.contracts")
def contracts(at: datetime) -> int:
    """End contracts whose last day is over; warn of licences that run out."""
    today = acts.local_day(at)
    ending_soon = Supplier.objects.filter(
        active=True, licence_until__gte=today, licence_until__lte=today + timedelta(days=LICENCE_DAYS)
    )
    for supplier in ending_soon.order_by("pk"):
        booking_letters.licence_ends(supplier, at)
    return buying.end_due(at)

"""Suppliers and contracts: whoever makes a contract doesn't sign it; signed ones change only by being cut short.

Money is whole fen, credits are hundredths. Each act needs `volunteering.contracts`; in one transaction it locks,
asks the rule, writes and records.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import ids, kept_files
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.core.kept_files import kept
from chenyue.volunteering import acts, amounts, seeing
from chenyue.volunteering.booking_terms import terms_of
from chenyue.volunteering.lifecycle import ContractState
from chenyue.volunteering.models import Contract, Service, Supplier

FOLDER = "volunteering/%Y/%m"
PIN_LENGTHS = range(6, 13)
LONGEST_DAYS = 3 * 366
SUPPLIER_FIELDS = ("name", "licence", "licence_until", "person", "phone")
CONTRACT_FIELDS = ("title", "starts_on", "ends_on", "budget", "cancel_hours", "missed_percent", "terms")
SERVICE_FIELDS = (
    "name", "words", "price", "quantity", "credits", "minutes", "place_id", "place_words", "per_month",
    "elder_hours", "elder_age",
)  # fmt: skip


def save_supplier(
    *, by: Actor, at: datetime, supplier: Supplier | None = None, version: int | None = None, **details: Any
) -> Supplier:
    """Add a supplier, or change one. Its page gets a code that nobody can guess. Raises Refusal, Conflict."""
    seeing.check(by, seeing.CONTRACTS)
    name = acts.words(details["name"], "name", needed=True, most=80)
    with transaction_of_its_own():
        if supplier is None:
            row = Supplier(code=ids.token(), made_at=at)
        else:
            row = _of_version(Supplier.objects.select_for_update().get(pk=supplier.pk), version)
        for field in SUPPLIER_FIELDS:
            setattr(row, field, details.get(field, getattr(row, field)))
        row.name, row.active = name, details.get("active", row.active)
        row.version += 0 if supplier is None else 1
        row.save()
        acts.record(row.subject, "supplier_saved" if supplier else "supplier_added", by=by, at=at, data={"name": name})
    return row


def set_pin(*, supplier: Supplier, pin: str, by: Actor, at: datetime) -> None:
    """Set the number that opens the supplier's page, 6 to 12 digits; whoever is signed in there is signed out."""
    seeing.check(by, seeing.CONTRACTS)
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_LENGTHS):
        raise Refusal(_("The number has 6 to 12 digits."), field="pin", code="bad_pin")
    if len(set(pin)) < 3 or pin in "0123456789" * 2 or pin in "9876543210" * 2:
        raise Refusal(_("This number is too easy to guess."), field="pin", code="easy_pin")
    with acts.locked(supplier) as row:
        row.pin = make_password(pin)
        acts.touch(row, "pin")
        acts.record(row.subject, "supplier_pin", by=by, at=at)


def new_page(*, supplier: Supplier, by: Actor, at: datetime) -> Supplier:
    """Give the supplier's page a new address: the old one opens nothing any more."""
    seeing.check(by, seeing.CONTRACTS)
    with acts.locked(supplier) as row:
        row.code = ids.token()
        acts.touch(row, "code")
        acts.record(row.subject, "supplier_page", by=by, at=at)
    return row


def pin_fits(supplier: Supplier, pin: str) -> bool:
    """Whether this is the supplier's number. Takes the same time whether there is one or not."""
    return check_password(pin[:40], supplier.pin or make_password(None)) and supplier.active


def _of_version(row: Any, version: int | None) -> Any:
    if version is not None and version != row.version:
        raise Conflict
    return row


# Contracts


def save_contract(
    *,
    number: str,
    supplier: Supplier,
    by: Actor,
    at: datetime,
    contract: Contract | None = None,
    version: int | None = None,
    uploads: Sequence[Any] = (),
    **details: Any,
) -> Contract:
    """Write a contract down as a draft, or change a draft. Somebody else signs it. Raises Refusal, Conflict."""
    seeing.check(by, seeing.CONTRACTS)
    number = acts.words(number, "number", needed=True, most=40)
    _check_contract(details)
    with kept(uploads, folder=FOLDER, field="file") as files, transaction_of_its_own():
        row = Contract(made_at=at, made_by=by.user) if contract is None else _draft(contract, version)
        row.number, row.supplier = number, supplier
        for field in CONTRACT_FIELDS:
            setattr(row, field, details.get(field, getattr(row, field)))
        row.title = acts.words(row.title, "title", needed=True, most=80)
        if files:
            row.file = _file(files[0])
        if contract is not None:
            row.version, row.made_by = row.version + 1, by.user  # whoever wrote it last can't sign it either
        _unique(row)
        verb = "contract_changed" if contract else "contract_added"
        acts.record(row.subject, verb, by=by, at=at, data={"number": row.number, "fen": row.budget})
    return row


def _file(file: kept_files.Prepared) -> dict[str, Any]:
    return {
        "path": file.path, "name": file.name, "size": file.size, "sha256": file.sha256,
        "content_type": file.content_type, "preview": file.preview,
    }  # fmt: skip


def _unique(row: Contract) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if Contract.objects.filter(number=row.number).exclude(pk=row.pk).exists():
            raise Refusal(_("There is a contract of this number already."), field="number", code="taken") from error
        raise


def _check_contract(details: Mapping[str, Any]) -> None:
    first, last = details["starts_on"], details["ends_on"]
    if last < first:
        raise Refusal(_("The contract ends before it begins."), field="ends_on", code="order")
    if (last - first).days > LONGEST_DAYS:
        raise Refusal(_("Three years are the longest. Check the days."), field="ends_on", code="long")
    amounts.within(details["budget"], "budget", most=amounts.MOST_FEN)
    if not 0 <= int(details.get("missed_percent", 0)) <= 100:
        raise Refusal(_("A percentage is 0 to 100."), field="missed_percent", code="percent")
    try:
        terms_of(details.get("terms") or {}, details.get("cancel_hours", 24))
    except (ValueError, TypeError, KeyError) as error:
        raise Refusal(
            _("These grades can't be meant. Check hours and percentages."), field="late", code="terms"
        ) from error


def _draft(contract: Contract, version: int | None = None) -> Contract:
    row = Contract.objects.select_for_update(of=("self",)).select_related("supplier").get(pk=contract.pk)
    _of_version(row, version)
    if row.state != ContractState.DRAFT:
        raise Refusal(_("This contract is signed: it can only be cut short."), code="signed")
    return row


def save_service(
    *, contract: Contract, by: Actor, at: datetime, service: Service | None = None, **details: Any
) -> Service:
    """Add a line to a draft, or change one. Of a signed contract, only where it takes place and who may book change.

    Raises Refusal for a price, quantity or credits that can't be.
    """
    seeing.check(by, seeing.CONTRACTS)
    with transaction_of_its_own():
        held = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
        row = Service(contract=held) if service is None else Service.objects.select_for_update().get(pk=service.pk)
        given = {field: details[field] for field in SERVICE_FIELDS if field in details}
        if held.state != ContractState.DRAFT:
            _only_small(row, given)
        for field, value in given.items():
            setattr(row, field, value)
        _check_service(row, held)
        row.active = details.get("active", row.active)
        row.order = row.order or Service.objects.filter(contract=held).count()
        row.save()
        data = {"name": row.name, "price": row.price, "quantity": row.quantity, "credits": row.credits}
        acts.record(held.subject, "service_changed" if service else "service_added", by=by, at=at, data=data)
    return row


def _only_small(row: Service, given: Mapping[str, Any]) -> None:
    """A signed contract's price and quantity are what two persons signed."""
    if row.pk is None:
        raise Refusal(_("This contract is signed: it can only be cut short."), code="signed")
    for field in ("price", "quantity", "credits", "name"):
        if field in given and given[field] != getattr(row, field):
            sentence = _("Price, quantity and credits of a signed contract stay as they were signed.")
            raise Refusal(sentence, field=field, code="signed")


def _check_service(row: Service, contract: Contract) -> None:
    row.name = acts.words(row.name, "name", needed=True, most=60)
    amounts.within(row.price, "price", most=2_000_000_00)
    amounts.within(row.credits, "credits", most=100_000_00)
    amounts.within(row.quantity, "quantity", most=1_000_000)
    amounts.within(row.minutes, "minutes", most=amounts.MOST_MINUTES)
    if row.price > contract.budget:
        raise Refusal(_("One of these costs more than the whole budget."), field="price", code="budget")


def sign(*, contract: Contract, by: Actor, at: datetime) -> Contract:
    """The second person signs: from now on people book. NotAllowed for who made it; Refusal."""
    seeing.check(by, seeing.CONTRACTS)
    with transaction_of_its_own():
        row = _draft(contract)
        if by.user is None or by.user.pk == row.made_by_id:
            raise NotAllowed(_("Whoever made this contract can't sign it: a second person must."))
        _may_run(row, acts.local_day(at))
        row.state, row.signed_by = ContractState.RUNNING, by.user
        acts.touch(row, "state", "signed_by")
        acts.record(row.subject, "contract_signed", by=by, at=at, data={"number": row.number})
    return row


def _may_run(row: Contract, today: date) -> None:
    if not Service.objects.filter(contract=row, active=True).exists():
        raise Refusal(_("A contract without services can't be signed."), code="no_services")
    if row.ends_on < today:
        raise Refusal(_("This contract is over already."), code="over")
    if not row.supplier.active:
        raise Refusal(_("This supplier is no longer worked with."), code="inactive")
    until = row.supplier.licence_until
    if until is None:
        raise Refusal(_("Enter the supplier's licence and until when it is valid first."), code="no_licence")
    if until < max(today, row.starts_on):
        raise Refusal(_("The supplier's licence runs out before the contract begins."), code="licence")


def last_day(contract: Contract) -> date:
    """The last day on which a slot may lie: of the contract, of its cut, and of the supplier's licence."""
    days = [contract.ends_on, contract.cut_on, contract.supplier.licence_until]
    return min(day for day in days if day is not None)


def end_due(at: datetime) -> int:
    """Contracts whose last day is over, or that were cut short until then, end; how many. For the tick."""
    today, running = acts.local_day(at), Contract.objects.filter(state=ContractState.RUNNING)
    cut = running.filter(cut_on__lt=today).update(state=ContractState.CUT)
    return cut + running.filter(ends_on__lt=today).update(state=ContractState.ENDED)

"""What each kind is called, what becomes of it, why so long, and what holds it back."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Sentence


@dataclass(frozen=True)
class Said:
    """Sentences of one kind, for the page."""

    label: Sentence
    then: Sentence
    source: Sentence
    held: Sentence = ""


LAW_SAVE = _("Personal Information Protection Law 19 and 47: no longer than needed. The number is the office's own.")
SAID: dict[str, Said] = {
    "people.contacts": Said(
        _("Contact data of residents whose matters have ended"),
        _(
            "Name, telephone, ID number, address and e-mail go, the photographs they sent too, and their name in what "
            "was written. Cases, answers, ratings and figures stay."
        ),
        LAW_SAVE,
        _(
            "Something of theirs goes on: an open case or request, voluntary service and credits, a mediation, a home "
            "on a register; or their data is locked, or a case of theirs is held."
        ),
    ),
    "notify.letters": Said(
        _("Letters and short messages that went out"),
        _("Address and words go. That one went out, when, and about what stays."),
        LAW_SAVE,
        _("Its case or mediation is open or held."),
    ),
    "mediation.contacts": Said(
        _("Contact data of parties whose mediation has ended"),
        _(
            "Telephone, address, account and ID number go. Names stay, and so do the papers of the dossier, as long "
            "as the dossier is kept."
        ),
        LAW_SAVE,
        _("Its dossier isn't in the archive yet, a court has it, a complaint waits for its answer, or it is held."),
    ),
    "people.sign_ins": Said(
        _("Who signed in, and failed tries"),
        _("The rows go; the timeline keeps its entries."),
        _("Cybersecurity Law 21: logs of the network are kept for six months at least."),
    ),
    "people.looks": Said(
        _("Who looked at contact data, with the resident"),
        _("The rows go; the entry on the timeline stays."),
        _("Personal Information Protection Law 56: records of handling are kept for three years at least."),
    ),
    "people.sessions": Said(
        _("When residents signed in"),
        _("The rows go."),
        _("Cybersecurity Law 21: logs of the network are kept for six months at least."),
    ),
    "reception.names": Said(
        _("Names given with a ticket by people not known otherwise"),
        _("Name and e-mail go; that a ticket was given stays."),
        LAW_SAVE,
    ),
    "gateway.hotline_tables": Said(
        _("Tables of the hotline, as files"), _("The file goes; what was filed from it stays."), LAW_SAVE
    ),
    "gateway.hotline_rows": Said(
        _("Rows of those tables, word by word"),
        _("The words go; answers can't be handed back in the sender's columns any more."),
        LAW_SAVE,
    ),
    "gateway.letters": Said(
        _("That an e-mail came in, and what became of it"), _("The rows go; the case has what was told."), LAW_SAVE
    ),
    "gateway.wecom_inbound": Said(
        _("What WeCom sent, before it was filed"), _("The rows go; the case has what was told."), LAW_SAVE
    ),
    "gateway.wecom_guests": Said(
        _("Addresses of people who wrote by WeCom"),
        _("Address and name go; whoever writes again is known again."),
        LAW_SAVE,
        _("A case of theirs is open."),
    ),
}
# What stands beside, for whoever reads the page: fixed by the product, or decided elsewhere.
BESIDE: list[tuple[Sentence, Sentence]] = [
    (_("Photographs of forms that were never sent"), _("one day")),
    (_("Codes for signing in by telephone"), _("one day")),
    (_("Tables between trying out and writing; exports"), _("an hour; one day")),
    (_("Cases, answers, the timeline, the ledger of credits"), _("as long as the office's archive schedule says")),
    (_("Dossiers of mediations"), _("permanently, long or short, by kind of dispute: Set-up → Mediation")),
    (_("What parties said alone"), _("a year after the end of the mediation, unless chosen otherwise there")),
    (_("What homes said to renewal works"), _("three years after the end of the works, unless chosen otherwise there")),
]

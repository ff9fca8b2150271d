"""What becomes of a letter: an appeal, words added to one, or nothing, with the reason."""

import re
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.cases import actions
from chenyue.cases.actions import ReporterData, file_appeal
from chenyue.cases.models import Appeal, Channel
from chenyue.core import ids, kept_files
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.gateway.mail_in.parsing import File, Letter
from chenyue.gateway.models_mail import MailIn
from chenyue.notify import delivery
from chenyue.notify.models import Message

MOST_WORDS = 7_500  # of an appeal's 8,000; the rest is for what is said about files
MOST_CODES = 3  # receipts that are looked up for one letter: whoever answers quotes one
RECEIPT = re.compile(rf"(?<![A-Z0-9-])(?:[{ids.READABLE}]{{4}}-){{2}}[{ids.READABLE}]{{4}}(?![A-Z0-9-])")
WRITER = Actor("resident")
Outcome = MailIn.Outcome


def work(row: MailIn, letter: Letter, at: datetime, received_at: datetime) -> None:
    """File it, add it, or leave it; `row` says what became of it. Raises Refusal; nothing is kept then."""
    if letter.kind == "bounce":
        row.outcome = Outcome.BOUNCE
        came_back = sum(delivery.bounced(mark, letter.status, at) for mark in letter.marks) if letter.status else 0
        row.sentence = letter.status if came_back else _("Not about a letter that we sent.")
    elif letter.kind == "auto":
        row.outcome = Outcome.AUTO
    else:
        _take(row, letter, at, received_at)


def _take(row: MailIn, letter: Letter, at: datetime, received_at: datetime) -> None:
    files, left_out = _files(letter.files)
    try:
        with transaction.atomic():
            _kept(row, letter, files, left_out, at, received_at)
    except Refusal as refusal:
        if refusal.field != "attachments" or not files:
            raise
        # A picture that begins like one and is none: the words count, the letter stays in the mailbox.
        _kept(row, letter, [], [file.name[:60] for file in letter.files], at, received_at)


def _kept(
    row: MailIn, letter: Letter, files: list[Any], left_out: list[str], at: datetime, received_at: datetime
) -> None:
    appeal = answered(letter)
    words = letter.words if appeal is not None else letter.text
    words = _shortened(words or letter.subject, left_out)
    if not words.strip() and not files:
        raise Refusal(_("There are no words in it."))
    row.sentence = _("Files that aren't taken: %(names)s") % {"names": "、".join(left_out)} if left_out else ""
    if appeal is not None:
        try:
            with transaction.atomic():
                _add(appeal, words, files, at)
        except Refusal as refusal:
            if refusal.code != "state":  # the case has ended: it is something new then
                raise
        else:
            row.outcome, row.appeal = Outcome.ADDED, appeal
            return
    filed = file_appeal(
        words=words or _("(only files)"),
        title=letter.subject[:120],
        channel=Channel.PAPER,
        by=WRITER,
        at=at,
        received_at=received_at,
        reporter=ReporterData(name=letter.name[:40], email=letter.address),
        consent_contact=True,  # whoever writes a letter waits for an answer to it
        attachments=files,
    )
    row.outcome, row.appeal = Outcome.FILED, filed.appeal


def _add(appeal: Appeal, words: str, files: list[Any], at: datetime) -> None:
    if words.strip():
        actions.add_words(appeal=appeal, words=words, by=WRITER, at=at)
    if files:
        actions.attach(case=appeal.case, files=files, stage="report", by=WRITER, at=at, appeal=appeal)


def answered(letter: Letter) -> Appeal | None:
    """The appeal that a letter is about: it answers one of ours, or quotes the receipt that only its reporter has.

    A number alone proves nothing: it stands on many papers, and a sender's address is easily made up.
    """
    codes = RECEIPT.findall(f"{letter.subject}\n{letter.text}".upper())
    ours = Message.objects.filter(sent_as__in=letter.marks, channel="email").exclude(sent_as="").order_by("-pk")
    codes = [code for message in ours[:MOST_CODES] for code in RECEIPT.findall(message.body)] + codes
    wanted = list(dict.fromkeys(codes))[:MOST_CODES]
    found = {a.receipt: a for a in Appeal.objects.filter(receipt__in=wanted, withdrawn_at=None).select_related("case")}
    return next((found[code] for code in wanted if code in found), None)


def _files(sent: tuple[File, ...]) -> tuple[list[Any], list[str]]:
    """The files that are taken, and the names of the others: one that isn't doesn't keep the letter out."""
    taken: list[Any] = []
    left_out: list[str] = []
    for file in sent:
        upload = SimpleUploadedFile(file.name or "file", file.content)
        try:
            kept_files.check_all([*taken, upload])
        except Refusal:
            left_out.append(file.name[:60])
            continue
        upload.seek(0)
        taken.append(upload)
    return taken, left_out[:20]


def _shortened(words: str, left_out: list[str]) -> str:
    """Words that an appeal takes, with what a clerk must know of the rest."""
    if len(words) > MOST_WORDS:
        words = words[:MOST_WORDS] + "\n" + _("(The letter is longer; the whole of it is in the mailbox.)")
    if left_out:
        words += "\n" + _("(Files in the letter that could not be taken: %(names)s)") % {
            "names": "、".join(left_out)[:300]
        }
    return words

"""Doors of credits and their rules: staff below /desk/volunteering/, sums for everybody below /volunteering/."""

from django.urls import path

from chenyue.volunteering.views import ledger_acts, ledger_books, ledger_rules, ledger_settings

HERE = "desk/volunteering/credits/"
BOOK = HERE + "<int:pk>/"
RULES = "desk/volunteering/rules/"

urls = [
    path(HERE, ledger_books.credits, name="credits"),
    path(HERE + "export/", ledger_books.export, name="credits-export"),
    path(HERE + "proposals/", ledger_books.proposals, name="credits-proposals"),
    path(HERE + "proposals/<int:pk>/approve/", ledger_acts.approve, name="credits-approve"),
    path(HERE + "proposals/<int:pk>/refuse/", ledger_acts.refuse, name="credits-refuse"),
    path(HERE + "ties/<int:pk>/approve/", ledger_acts.tie_approve, name="credits-tie-approve"),
    path(HERE + "ties/<int:pk>/end/", ledger_acts.tie_end, name="credits-tie-end"),
    path(BOOK, ledger_books.book, name="credits-book"),
    path(BOOK + "change/", ledger_acts.propose, name="credits-propose"),
    path(BOOK + "freeze/", ledger_acts.freeze, name="credits-freeze"),
    path(BOOK + "thaw/<int:posting>/", ledger_acts.thaw, name="credits-thaw"),
    path(BOOK + "relative/", ledger_acts.tie_new, name="credits-tie-new"),
    path(RULES, ledger_rules.rules, name="rules"),
    path(RULES + "new/", ledger_rules.new, name="rule-new"),
    path(RULES + "evidence/", ledger_settings.evidence, name="evidence-settings"),
    path(RULES + "odd/", ledger_settings.odd, name="odd-settings"),
    path(RULES + "<int:version>/approve/", ledger_rules.approve, name="rule-approve"),
    path(RULES + "<int:version>/drop/", ledger_rules.drop, name="rule-drop"),
    path("volunteering/figures/", ledger_books.public_figures, name="figures"),
]

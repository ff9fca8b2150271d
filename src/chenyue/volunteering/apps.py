"""The package as a Django application."""

from importlib import import_module

from django.apps import AppConfig

# Verbs, tabs, states, texts and ticks: what registers itself when it is imported.
STARTED = [
    "chenyue.volunteering.looks_deeds",
    "chenyue.volunteering.verbs_deeds",
    "chenyue.volunteering.letters_deeds",
    "chenyue.volunteering.chores_deeds",
    "chenyue.volunteering.photos",
    "chenyue.volunteering.matching.weeks",
    "chenyue.volunteering.verbs_ledger",
    "chenyue.volunteering.letters_ledger",
    "chenyue.volunteering.chores_ledger",
    "chenyue.volunteering.looks_ledger",
    "chenyue.volunteering.verbs_contracts",
    "chenyue.volunteering.booking_letters",
    "chenyue.volunteering.looks_contracts",
    "chenyue.volunteering.chores_contracts",
    "chenyue.volunteering.settlement_paper",
    "chenyue.volunteering.proving_contracts",
    "chenyue.volunteering.looks_proofs",
    "chenyue.volunteering.verbs_proofs",
    "chenyue.volunteering.telling_proofs",
    "chenyue.volunteering.chores_proofs",
    "chenyue.volunteering.verbs_self",
    "chenyue.volunteering.looks_self",
]


class Volunteering(AppConfig):
    """Registration of `chenyue.volunteering`."""

    name = "chenyue.volunteering"
    label = "volunteering"

    def ready(self) -> None:
        for name in STARTED:
            import_module(name)

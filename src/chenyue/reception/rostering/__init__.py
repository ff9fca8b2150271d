"""The roster: rules, people, the ledger, planning, publishing, swaps, stand-ins."""

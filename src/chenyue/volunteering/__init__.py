"""Needs, activities, hours, the credit ledger, contracts with suppliers and what credits are taken for."""

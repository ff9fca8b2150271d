"""Passwords under test: kept as the product keeps them, at a hundredth of the cost."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same function; that an office pays the full cost is tested by `tests/people/test_sign_in.py`."""

    time_cost, memory_cost, parallelism = 1, 1024, 1

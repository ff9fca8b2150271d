"""A piece of an archive belongs to its archive, its member and its place: nowhere else does it open."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chenyue.core.sealed_tar import Changed, _Cipher

AEAD = AESGCM(bytes(32))
OURS = _Cipher(AEAD, b"ours")


@pytest.mark.parametrize(
    ("cipher", "name", "at", "last"),
    [
        (_Cipher(AEAD, b"another archive"), "a.json", (1, 0), False),
        (OURS, "b.json", (1, 0), False),
        (OURS, "a.json", (2, 0), False),
        (OURS, "a.json", (1, 1), False),
        (OURS, "a.json", (1, 0), True),  # the member cut off at the end of a chunk
    ],
)
def test_a_piece_opens_in_its_place_only(cipher: _Cipher, name: str, at: tuple[int, int], last: bool) -> None:
    sealed = OURS.seal("a.json", (1, 0), b"words", last=False)
    assert OURS.open("a.json", (1, 0), sealed, last=False) == b"words"
    with pytest.raises(Changed):
        cipher.open(name, at, sealed, last)

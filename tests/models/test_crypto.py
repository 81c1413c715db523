"""Is what is sealed kept from whoever holds the disk, and is every change to it noticed?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.crypto import FORMAT, Unreadable, blind, key_of, keyring, seal, seal_json, unseal, unseal_json
from processes.supervise import Stack


@pytest.fixture(autouse=True, scope="module")
def _keys(database: Stack) -> None:
    """The keys are made with the record."""


@given(st.binary(max_size=2000), st.text(min_size=1, max_size=40))
def test_what_was_sealed_opens_as_what_it_is_about(plain: bytes, about: str) -> None:
    assert unseal(seal(plain, about), about) == plain


def test_no_two_seals_are_alike_and_none_shows_what_is_in_it() -> None:
    number = b"450203198803129917"
    first, second = seal(number, "a"), seal(number, "a")
    assert first != second
    assert number not in first
    assert key_of(first) == keyring().data_key


def test_it_is_not_opened_elsewhere() -> None:
    with pytest.raises(Unreadable, match="损坏或被改动"):
        unseal(seal(b"x", "case:1"), "case:2")


@pytest.mark.parametrize("place", [-1, -17, len(FORMAT) + 5])
def test_one_changed_byte_is_noticed(place: int) -> None:
    sealed = bytearray(seal(b"x" * 40, "a"))
    sealed[place] ^= 1
    with pytest.raises(Unreadable):
        unseal(bytes(sealed), "a")


@pytest.mark.parametrize("sealed", [b"", b"GJ", b"plain text", b"GJ1"])
def test_what_was_never_sealed_is_told(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        unseal(sealed, "a")


def test_data_comes_back_as_it_was() -> None:
    value = {"id_number": "45020319880312991X", "recommenders": [{"phone": "19900000001"}], "空": None}
    assert unseal_json(seal_json(value, "a"), "a") == value
    assert unseal_json(None, "a") is None


def test_the_blind_index_finds_the_same_and_tells_nothing() -> None:
    first = blind("id_number", "450203198803129917")
    assert first == blind("id_number", "450203198803129917")
    assert first != blind("phone", "450203198803129917")
    assert first != blind("id_number", "450203198803129918")
    assert first is not None
    assert first.startswith(f"{keyring().index_key}:")
    assert blind("id_number", "") is None


def test_the_file_of_keys_names_what_is_written_with() -> None:
    told = json.loads(keyring().text())
    assert told["current"] == {"data": keyring().data_key, "index": keyring().index_key}

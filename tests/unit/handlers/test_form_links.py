"""Addresses of web forms: only who has a key makes one, and each says no more than it has to."""

import base64
import json

import pytest

from handlers.form_links import FormLink, address_of, read_link, sign
from workflows.moments import DAY, SECOND

KEY, OLD, OTHER = "k" * 32, "o" * 32, "x" * 32
NOW = 1_772_000_000 * SECOND
SHOP = FormLink(process="complaint", name="shop")
DEALER = FormLink(
    process="complaint", name="dealer", expires_at=NOW + DAY, values={"customer": "华东超市"}
)


@pytest.mark.parametrize("link", [SHOP, DEALER])
def test_what_was_signed_is_read_again(link: FormLink) -> None:
    assert read_link(sign(link, KEY), [KEY]) == link


def test_an_older_key_is_accepted_as_long_as_it_is_listed() -> None:
    token = sign(SHOP, OLD)

    assert read_link(token, [KEY, OLD]) == SHOP
    assert read_link(token, [KEY]) is None
    assert read_link(token, []) is None


def test_a_changed_token_is_not_accepted() -> None:
    payload, _, signature = sign(DEALER, KEY).partition(".")
    told = json.loads(base64.urlsafe_b64decode(payload + "=="))
    richer = base64.urlsafe_b64encode(json.dumps(told | {"n": "shop"}).encode()).decode()

    assert read_link(f"{richer.rstrip('=')}.{signature}", [KEY]) is None
    assert read_link(f"{payload}.{signature[::-1]}", [KEY]) is None
    assert read_link(f"{payload}.{sign(SHOP, KEY).partition('.')[2]}", [KEY]) is None
    assert read_link(sign(DEALER, OTHER), [KEY, OLD]) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "a",
        "a.b",
        "é.é",
        "x" * 5000,
        f"{'x' * 5000}.y",
        "a b.c",
        "a.bcdef",
        "\ud800.\ud800",
    ],
)
def test_what_is_no_token_is_not_accepted(token: str) -> None:
    assert read_link(token, [KEY]) is None


def test_a_link_is_over_when_it_has_expired_or_its_name_is_revoked() -> None:
    assert not DEALER.is_over(NOW + DAY - 1, revoked=["shop"])
    assert DEALER.is_over(NOW + DAY, revoked=[])
    assert DEALER.is_over(NOW, revoked=["dealer"])
    assert not SHOP.is_over(NOW + 4000 * DAY, revoked=[])


def test_an_address_is_below_the_public_one_and_fits_into_it() -> None:
    address = address_of(DEALER, KEY, "https://bot.example.com/loop/")
    place, _, token = address.rpartition("/")

    assert place == "https://bot.example.com/loop/form/complaint"
    assert read_link(token, [KEY]) == DEALER
    assert all(sign.isascii() and (sign.isalnum() or sign in "-_.") for sign in token)
    assert KEY not in address

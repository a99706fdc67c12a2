"""Names and values of LDAP, as they are compared and read."""

import pytest

from bot.ldap_people import person_id
from bot.ldap_reading import Entry, guid, ou_of, plain_dn


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("CN=Ann Lee,OU=People,DC=example", "cn=ann lee,ou=people,dc=example"),
        ("cn = Ann Lee , ou=People", "cn=ann lee,ou=people"),
        (r"cn=Lee\, Ann,ou=x", r"cn=lee\, ann,ou=x"),
        (r"cn=Lee\2C Ann,ou=x", r"cn=lee\, ann,ou=x"),
        (r"cn=\E7\8E\8B\E8\8A\B3,ou=x", "cn=王芳,ou=x"),
        (r"cn=a\+b,ou=x", "cn=a+b,ou=x"),
        ("wang.fang", "wang.fang"),  # a memberUid
        ("cn=ends\\", "cn=ends\\"),
    ],
)
def test_names_that_mean_the_same_are_equal(name: str, plain: str) -> None:
    assert plain_dn(name) == plain


def test_the_nearest_unit_of_a_name_is_found() -> None:
    assert ou_of(r"uid=a,OU=Research\, and more,ou=people") == "Research, and more"
    assert ou_of("uid=a,dc=example") == ""


def test_values_are_text_and_guids() -> None:
    entry = Entry(
        dn="uid=a",
        values={"cn": (b" ", "王芳".encode()), "id": (bytes(range(128, 144)),), "x": (b"\xff",)},
    )

    assert entry.first("displayName", "cn") == "王芳"
    assert entry.first("id") == "83828180-8584-8786-8889-8a8b8c8d8e8f"
    assert entry.first("x") == "�"
    assert guid(b"ABCDEFGHIJKLMNOP") == "44434241-4645-4847-494a-4b4c4d4e4f50"
    assert guid(b"text") == "text"


def test_the_id_of_an_address_is_what_stands_before_the_at() -> None:
    assert person_id("ann.lee@example.com") == "ann.lee"
    assert person_id("ann") == "ann"

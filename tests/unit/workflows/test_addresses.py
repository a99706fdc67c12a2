"""Which texts are e-mail addresses, and how they are given to a mail server."""

from __future__ import annotations

import pytest

from workflows.addresses import is_address, wire_address


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("li.na@example.com", "li.na@example.com"),
        ("Li.Na+order=7@Mail.Example.CO.UK", "Li.Na+order=7@mail.example.co.uk"),
        ("o'brien_1@sub-domain.example.org", "o'brien_1@sub-domain.example.org"),
        ("kunde@bücher.example", "kunde@xn--bcher-kva.example"),
        ("yewu@例子.公司", "yewu@xn--fsqu00a.xn--55qx5d"),
    ],
)
def test_an_address_is_given_to_the_server_in_ascii(text: str, wire: str) -> None:
    assert wire_address(text) == wire


@pytest.mark.parametrize(
    "text",
    [
        "",
        "li.na",
        "@example.com",
        "li.na@",
        "li.na@localhost",
        "li.na@10.0.0.1",
        "li.na@example..com",
        "li.na@-a.com",
        "li..na@example.com",
        ".li@example.com",
        "li na@example.com",
        "李娜@example.com",
        '"li na"@example.com',
        "Li Na <li.na@example.com>",
        "li.na@example.com,old@example.com",
        "li.na@example.com;old@example.com",
        "li.na@example.com\nBcc: old@example.com",
        "li.na@example.com\r",
        "li.na@exam\nple.com",
        "li.na@[127.0.0.1]",
        "li.na(x)@example.com",
        f"{'a' * 65}@example.com",
        f"a@{'b' * 64}.com",
        f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 20}",
        f"a@{'书' * 70}.com",
    ],
)
def test_anything_else_is_no_address(text: str) -> None:
    assert not is_address(text)


def test_an_address_is_one() -> None:
    assert is_address("li.na@example.com")

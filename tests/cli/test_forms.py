"""form link: the address at which customers file, and what `check` says as long as one lacks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.form_links import read_link
from tests.command import inside
from tests.house.documented import blocks
from tests.house.source import ROOT
from workflows.moments import DAY, HOUR

KEY = "0123456789abcdef-0123456789abcdef"
WEB_FORM = """
[web_form]
title = { zh = "投诉", en = "Complaints" }
files_for = "role:complaint-handler"
fields = ["customer", "contact", "product", "what_happened", "evidence"]
values = { channel = "online" }

[[targets]]
"""


@pytest.fixture
def wanted(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment whose complaints have a web form, with what that needs."""
    draft = deployment / "processes" / "complaint.toml"
    text = draft.read_text("utf-8").replace("\n[[targets]]\n", WEB_FORM, 1)
    draft.write_text(text, encoding="utf-8")
    monkeypatch.setenv("CLOSELOOP_WEB_FORMS__KEYS", f"{KEY},another-key-0123456789")
    monkeypatch.setenv("CLOSELOOP_HTTP__PUBLIC_URL", "https://bot.example.com")
    done = inside("process", "publish", "processes/complaint.toml")
    assert done.code == 0, done.err
    return deployment


def test_an_address_is_printed_alone(wanted: Path) -> None:
    done = inside("form", "link", "complaint", "--name", "shop", "--set", "customer=华东=超市")
    place, _, token = done.out.strip().rpartition("/")
    link = read_link(token, [KEY])

    assert (done.code, done.err) == (0, "")
    assert place == "https://bot.example.com/form/complaint"
    assert link is not None
    assert (link.name, link.expires_at, link.values) == ("shop", None, {"customer": "华东=超市"})


def test_an_address_can_expire(wanted: Path) -> None:
    def expires(span: str) -> int:
        done = inside("form", "link", "complaint", "--expires", span)
        link = read_link(done.out.strip().rpartition("/")[2], [KEY])
        assert link is not None
        assert link.name == "web"
        assert link.expires_at is not None
        return link.expires_at

    assert 89 * DAY < expires("90d") - expires("2h") < 90 * DAY - HOUR


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--expires", "soon"), 2, "--expires SPAN"),
        (("--expires", "3wd"), 2, "--expires SPAN"),
        (("--name", "My shop"), 2, "--name NAME"),
        (("--set", "customer"), 2, "--set NAME=VALUE"),
        (("--set", "customre=x"), 1, "customre"),
        (("--set", "evidence=x"), 1, "has no field “evidence”"),
        (("--set", "channel=pigeon"), 1, "channel"),
        (("--set", "what_happened=" + "很" * 2000), 1, "too long"),
    ],
)
def test_what_a_link_cannot_have_is_said(
    wanted: Path, more: tuple[str, ...], code: int, said: str
) -> None:
    done = inside("form", "link", "complaint", *more)

    assert done.code == code, done.err
    assert said in done.err
    assert done.out == ""


def test_a_process_without_a_form_and_one_that_is_not_there_have_no_address(wanted: Path) -> None:
    assert "[web_form]" in inside("form", "link", "launch").err
    assert "nothing" in inside("form", "link", "nothing").err


def test_a_revoked_name_gets_no_new_address(wanted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOSELOOP_WEB_FORMS__REVOKED", "shop")

    assert "shop" in inside("form", "link", "complaint", "--name", "shop").err
    assert inside("form", "link", "complaint", "--name", "web").code == 0


@pytest.mark.parametrize(
    ("variable", "missing", "place"),
    [
        ("CLOSELOOP_WEB_FORMS__KEYS", "web_forms.keys", "web_forms.keys"),
        ("CLOSELOOP_HTTP__PUBLIC_URL", "http.public_url", "http.public_url"),
    ],
)
def test_check_names_what_a_form_needs_and_nothing_is_signed_without_it(
    wanted: Path, monkeypatch: pytest.MonkeyPatch, variable: str, missing: str, place: str
) -> None:
    assert inside("check").code == 0
    monkeypatch.delenv(variable)
    (found,) = inside("check", "--json").json["findings"]
    link = inside("form", "link", "complaint")

    assert inside("check").code == 1
    assert found["where"] == place
    assert "complaint" in found["problem"]
    assert link.code == 2
    assert missing in link.err


def test_a_key_that_can_be_guessed_is_refused_and_never_shown(
    wanted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOSELOOP_WEB_FORMS__KEYS", "hunter2")
    done = inside("check")

    assert done.code == 1
    assert "too short" in done.err
    assert "hunter2" not in done.err


def test_customers_behind_a_proxy_on_this_machine_are_told_apart_or_warned_about(
    wanted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (warned,) = inside("check", "--json").json["warnings"]
    monkeypatch.setenv("CLOSELOOP_HTTP__PROXY", "true")

    assert warned["where"] == "http.proxy"
    assert "https://bot.example.com" in warned["problem"]
    assert inside("check", "--json").json["warnings"] == []


@pytest.mark.parametrize("page", ["docs/how-to/customers.md", "docs/zh/how-to/customers.md"])
def test_the_lines_of_the_how_to_make_a_form_of_the_complaints(wanted: Path, page: str) -> None:
    (lines, *_) = (text for kind, text in blocks(ROOT / page) if kind == "toml")
    draft = wanted / "processes" / "complaint.toml"
    shipped = (ROOT / "workflows" / "processes" / "complaint.toml").read_text(encoding="utf-8")
    draft.write_text(shipped.replace("\n[forms.", f"\n{lines}\n[forms.", 1), encoding="utf-8")
    done = inside("process", "publish", "processes/complaint.toml")
    link = inside("form", "link", "complaint", "--name", "huadong", "--set", "customer=华东超市")

    assert "[web_form]" in lines
    assert done.code == 0, done.err
    assert link.code == 0, link.err

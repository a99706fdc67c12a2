"""Where webhooks may go, and how they are signed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import load_config
from bot.runtime.hook_client import HookClient, NotSent
from bot.webhook_targets import (
    Target,
    is_private_literal,
    is_public,
    signature,
    signing_key,
    target_id,
)
from handlers.i18n import translator
from handlers.office import HOOK_TYPES
from workflows.errors import ConfigError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
STRONG = "0123456789abcdef"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1"),
        *("fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "name"),
    ],
)
def test_an_address_that_is_not_of_the_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)
    assert not is_private_literal(address)


def test_a_name_is_no_private_address_before_it_is_resolved() -> None:
    assert not is_private_literal("localhost")
    assert is_private_literal("127.0.0.1")


def test_a_signature_is_that_of_the_convention() -> None:
    """The example of standardwebhooks.com."""
    made = signature(
        signing_key(SECRET),
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )

    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["short", "whsec_AAAA", "whsec_no base64 at all!", "x" * 15, ""])
def test_a_weak_secret_signs_nothing(secret: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        signing_key(secret)


@pytest.mark.parametrize("host", ["localhost", "2130706433", "127.1", "0x7f000001", "127.0.0.1"])
async def test_no_spelling_of_this_machine_is_connected_to(host: str) -> None:
    url = f"http://{host}:9/hook"
    client = HookClient(Target(id=target_id(url), name=host, url=url, key=b"k" * 16))
    try:
        with pytest.raises(NotSent, match=r"private|canonical"):
            await client.post(id="m", timestamp=1, body=b"{}")
    finally:
        await client.aclose()


async def test_an_error_does_not_tell_the_address_which_may_have_a_secret() -> None:
    url = "http://127.0.0.1:9/hook?token=secret-of-theirs"
    target = Target(id="t", name="127.0.0.1", url=url, key=b"k" * 16, allow_private=True)
    client = HookClient(target)
    with pytest.raises(NotSent) as caught:
        await client.post(id="m", timestamp=1, body=b"{}")
    await client.aclose()

    assert "secret-of-theirs" not in str(caught.value)


# ------------------------------------------------------------------ the configuration


def written(folder: Path, *targets: str, more: str = "") -> Path:
    path = folder / "config.toml"
    entries = "".join(f"[[webhooks.targets]]\n{one}\n" for one in targets)
    path.write_text(f"[webhooks]\n{more}\n{entries}", encoding="utf-8")
    return path


def entry(url: str = "https://crm.example.com/hook", secret: str = SECRET, more: str = "") -> str:
    return f'url = "{url}"\nsecret = "{secret}"\n{more}'


def test_a_target_is_told_of_everything_unless_it_says_what(tmp_path: Path) -> None:
    some = entry("https://b.example.com/", STRONG, 'events = ["case.closed"]')
    (one, two) = load_config(written(tmp_path, entry(), some)).webhooks.hooks()

    assert one.types == frozenset(HOOK_TYPES)
    assert two.types == {"case.closed"}
    assert one.target != two.target


def test_a_private_network_can_be_allowed_for_one_or_for_all(tmp_path: Path) -> None:
    here = "http://127.0.0.1:8000/hook"
    one = load_config(written(tmp_path, entry(here, more="allow_private = true"))).webhooks
    every = load_config(written(tmp_path, entry(here), more="allow_private = true")).webhooks

    assert [target.allow_private for target in (*one.addresses(), *every.addresses())] == [True] * 2


@pytest.mark.parametrize(
    ("targets", "complaint"),
    [
        ([entry("crm.example.com")], "targets[0].url: this is not the address"),
        ([entry("ftp://crm.example.com")], "not the address"),
        ([entry("http://crm.example.com/hook")], "unencrypted"),
        ([entry("https://10.0.0.7/hook")], "10.0.0.7 is no address of the Internet"),
        ([entry(secret="short")], "targets[0].secret: this secret is too short"),
        ([entry(secret="whsec_?")], "this secret is too short"),
        ([entry(more="events = []")], "events"),
        ([entry(more='events = ["case.opened"]')], "case.opened"),
        ([entry(more="event = []")], "event"),
        ([entry(), entry(secret=STRONG)], "two targets have the same address"),
        (['url = "https://crm.example.com/hook"'], "secret"),
    ],
)
def test_a_target_that_cannot_be_one_is_named(
    tmp_path: Path, targets: list[str], complaint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(written(tmp_path, *targets), words=translator("en"))
    found = str(caught.value)

    assert complaint in found
    assert "webhooks.targets" in found
    assert SECRET not in found
    assert "hook?" not in found

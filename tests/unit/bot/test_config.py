"""The configuration: every key is documented, and every mistake is named with its place."""

import re
import tomllib
from datetime import date, time
from pathlib import Path

import pytest

from bot.config import CHATS, Config, load_config
from bot.findings import Unreadable
from handlers.i18n import translator
from tests.house.source import ROOT
from workflows.calendar import QuietHours
from workflows.errors import ConfigError

EXAMPLE = ROOT / "config.example.toml"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("CLOSELOOP_"):
            monkeypatch.delenv(name)


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def findings(path: Path) -> list[str]:
    """Everything against a file, as `line where: problem → hint`, without the file's name."""
    with pytest.raises(ConfigError) as caught:
        load_config(path, words=translator("en"))
    return [str(one).replace(one.file, "", 1).lstrip(":") for one in caught.value.findings]


# ------------------------------------------------------------------ the example


def test_the_example_shows_every_key() -> None:
    shown: dict[str, set[str]] = {}
    section = ""
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if header := re.match(r"\[(\w+)\]", line):
            section = header[1]
        elif key := re.match(r"(?:# )?(\w+) = ", line):
            shown.setdefault(section, set()).add(key[1])

    assert shown == {
        name: set(field.annotation.model_fields)  # type: ignore[union-attr]
        for name, field in Config.model_fields.items()
    }


def test_the_example_shows_the_defaults_and_explains_each() -> None:
    there = load_config(EXAMPLE)
    bare = Config.model_validate(
        {name: {} for name in Config.model_fields}, context={"folder": EXAMPLE.parent}
    )

    assert there == bare
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if re.match(r"[a-z_]+ = ", line) and "_url" not in line and "enabled" not in line:
            assert "#" in line or line.startswith(("host", "port")), line


def test_the_sample_deployment_is_valid() -> None:
    from bot import sample

    config = load_config(sample.CONFIG)

    assert config.company.admins == ("lin.wei",)


# ------------------------------------------------------------------ reading


def test_an_empty_file_means_all_defaults(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, ""))

    assert config.company.working_hours == ((time(9), time(12)), (time(13, 30), time(18)))
    assert config.company.quiet_hours == QuietHours(start=time(22), end=time(8))
    assert config.http.port == 8080
    assert not config.slack.enabled


def test_the_chats_that_are_enabled_are_listed(tmp_path: Path) -> None:
    telegram = '[telegram]\nenabled = true\ntoken = "7000000001:of-a-bot"\n'

    assert CHATS == ("slack", "telegram")
    assert load_config(written(tmp_path, "")).enabled_chats == ()
    assert load_config(written(tmp_path, telegram)).enabled_chats == ("telegram",)


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, '[storage]\nurl = "sqlite:///data/x.db"\n'))

    assert config.storage.url == f"sqlite:///{tmp_path}/data/x.db"
    assert config.storage.files == tmp_path / "files"
    assert config.people.file == tmp_path / "people.toml"
    assert config.processes.path == tmp_path / "processes"


def test_absolute_paths_stay(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, '[storage]\nurl = "sqlite:////var/x.db"\n'))

    assert config.storage.url == "sqlite:////var/x.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_has_one_spelling(tmp_path: Path, scheme: str) -> None:
    config = load_config(written(tmp_path, f'[storage]\nurl = "{scheme}://a:b@host/name"\n'))

    assert config.storage.url == "postgresql://a:b@host/name"
    assert "a:b" not in repr(config)


def test_the_calendar_is_the_companys(tmp_path: Path) -> None:
    text = """
    [company]
    timezone = "Europe/Berlin"
    calendar = "none"
    working_hours = ["08:00-12:00", "13:00-24:00"]
    quiet_hours = ""
    extra_off = [2026-10-09]
    extra_on = [2026-10-10]
    confirmed_years = [2027]
    short_days = { 2026-02-13 = ["09:00-12:00"] }
    """
    company = load_config(written(tmp_path, text)).company
    data = company.calendar_data()

    assert company.quiet_hours is None
    assert data.zone == "Europe/Berlin"
    assert data.hours == ((time(8), time(12)), (time(13), time(0)))
    assert data.extra_off == {date(2026, 10, 9)}
    assert data.extra_on == {date(2026, 10, 10)}
    assert data.confirmed_years == {2027}
    assert dict(data.short_days) == {date(2026, 2, 13): ((time(9), time(12)),)}


def test_nights_weekdays_and_weekends_are_the_companys(tmp_path: Path) -> None:
    text = """
    [company]
    calendar = "HK"
    holiday_categories = ["public", "optional"]
    weekend = ["Saturday", "sun"]
    working_hours = ["22:00-06:00"]
    weekday_hours = { fri = ["08:00-12:00"] }
    """
    data = load_config(written(tmp_path, text)).company.calendar_data()

    assert data.categories == ("public", "optional")
    assert data.weekend == frozenset({5, 6})
    assert data.hours == ((time(22), time(6)),)
    assert dict(data.weekday_hours) == {4: ((time(8), time(12)),)}
    assert Config().company.calendar_data().weekend is None


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('weekend = ["someday"]', "company.weekend: ['someday'] is no weekday"),
        ('weekday_hours = { fr1 = ["08:00-12:00"] }', "is no weekday"),
        ('weekday_hours = { fri = ["05:00-12:00"] }', "goes on after midnight"),
        ('holiday_categories = ["bank"]', "does not know this kind of holiday"),
        ('weekend = ["mon","tue","wed","thu","fri","sat","sun"]', "company.weekend"),
    ],
)
def test_a_wrong_week_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    text = f'[company]\ncalendar = "HK"\nworking_hours = ["22:00-06:00"]\n{line}\n'

    assert complaint in "\n".join(findings(written(tmp_path, text)))


# ------------------------------------------------------------------ the environment


def test_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, '[http]\nport = 1\nhost = "here"\n[company]\nadmins = ["x"]\n')
    monkeypatch.setenv("CLOSELOOP_HTTP__PORT", "9000")
    monkeypatch.setenv("CLOSELOOP_COMPANY__ADMINS", "wang.fang, chen.jing")
    monkeypatch.setenv("CLOSELOOP_COMPANY__EXTRA_OFF", '["2026-10-09"]')
    monkeypatch.setenv("CLOSELOOP_SLACK__ENABLED", "false")
    monkeypatch.setenv("CLOSELOOP_CONFIG", "somewhere.toml")

    config = load_config(path)

    assert config.http.port == 9000
    assert config.http.host == "here"
    assert config.company.admins == ("wang.fang", "chen.jing")
    assert config.company.extra_off == (date(2026, 10, 9),)


def test_a_wrong_variable_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOSELOOP_HTTP__PORT", "many")
    monkeypatch.setenv("CLOSELOOP_HTTP__PROT", "1")
    monkeypatch.setenv("CLOSELOOP_HTTP", "{}")

    found = "\n".join(findings(written(tmp_path, "")))

    assert "CLOSELOOP_HTTP__PORT: wrong type: 'many'" in found
    assert "CLOSELOOP_HTTP__PROT: there is no such setting" in found
    assert "CLOSELOOP_HTTP: there is no such setting" in found


def test_secrets_are_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_DATABASE", "postgresql://u:p@h/d")
    (tmp_path / "token").write_text("t0ken\n", encoding="utf-8")
    text = '[storage]\nurl = "env:A_DATABASE"\n[telegram]\ntoken = "file:token"\n'

    config = load_config(written(tmp_path, text))

    assert config.storage.url == "postgresql://u:p@h/d"
    assert config.telegram.token is not None
    assert config.telegram.token.get_secret_value() == "t0ken"
    assert "t0ken" not in repr(config)


# ------------------------------------------------------------------ mistakes


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="there is no such file"):
        load_config(tmp_path / "config.toml", words=translator("en"))


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    (found,) = findings(written(tmp_path, '[company]\nname = "x\n'))

    assert found.startswith("2: this is not TOML")


def test_a_chinese_sign_is_named_in_the_language_of_the_reader(tmp_path: Path) -> None:
    path = written(tmp_path, "[company]\nname = “闭环”\n")

    with pytest.raises(ConfigError) as refused:
        load_config(path, words=translator("zh"))

    (found,) = refused.value.findings
    assert (found.line, found.problem) == (2, "不是正确的 TOML：这里是中文标点：“")
    assert found.hint == '请改用英文标点："'


def test_a_file_in_another_encoding_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes('[company]\nname = "公司"\n'.encode("gb18030"))

    assert "UTF-8" in findings(path)[0]


def test_absurd_nesting_is_refused(tmp_path: Path) -> None:
    assert "nested too deep" in findings(written(tmp_path, "x = " + "[" * 50 + "]" * 50))[0]


WRONG = """\
colour = 1
[company]
nam = "x"
language = "fr"
timezone = "Mars/Crater"
working_hours = ["9 to 5"]
quiet_hours = "22:00-22:00"
calendar = "Atlantis"
extra_off = [2026-10-09]
extra_on = [2026-10-09]
short_days = { 2026-10-09 = ["09:00-10:00"] }
confirmed_years = ["2026"]
[storage]
url = "mysql://host/name"
files = 5
[slack]
enabled = true
[telegram]
token = "env:NO_SUCH_VARIABLE"
webhook_secret = "file:no-such-file"
[http]
port = "8080"
[http2]
"""

SAID = [
    '1: colour: the key "colour" is not known',
    '3: company.nam: the key "nam" is not known → do you mean "name"?',
    "4: company.language: 'fr' is not known → write one of zh, en",
    "5: company.timezone: the time zone 'Mars/Crater' is not known",
    "6: company.working_hours: not a time of day",
    "7: company.quiet_hours: quiet hours begin and end at the same time",
    "8: company.calendar: the calendar 'Atlantis' is not known",
    "10: company.extra_on: 2026-10-09 is named as a day off too",
    "11: company.short_days: 2026-10-09 is named as a day off too",
    "12: company.confirmed_years[0]: wrong type: '2026' → write a whole number",
    "14: storage.url: this is not the address of a database",
    "15: storage.files: wrong type: 5 → write text in quotes",
    "16: slack.app_token: app_token is missing",
    "16: slack.bot_token: bot_token is missing",
    "19: telegram.token: the environment variable NO_SUCH_VARIABLE",
    "20: telegram.webhook_secret: the file",
    "22: http.port: wrong type: '8080' → write a whole number without quotes",
    '23: http2: the key "http2" is not known',
]


def test_everything_wrong_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    found = findings(written(tmp_path, WRONG))

    assert len(found) == len(SAID)
    for one, start in zip(found, SAID, strict=True):
        assert one.startswith(start)
        assert " → " in one, "a finding says what to do"


@pytest.mark.parametrize(
    "hours",
    [
        '["13:00-18:00", "09:00-12:00"]',
        "[]",
        '["09:00-12:00", "11:00-18:00"]',
        '["18:00-09:00", "10:00-12:00"]',
    ],
)
def test_hours_ascend_without_overlap(tmp_path: Path, hours: str) -> None:
    (found,) = findings(written(tmp_path, f"[company]\nworking_hours = {hours}\n"))

    assert "working hours must ascend" in found


@pytest.mark.parametrize("hours", ["25:00-26:00", "9-12", "09:61-10:00", "24:30-25:00"])
def test_a_time_of_day_is_one(tmp_path: Path, hours: str) -> None:
    (found,) = findings(written(tmp_path, f'[company]\nquiet_hours = "{hours}"\n'))

    assert "not a time of day" in found


@pytest.mark.parametrize(
    ("said", "meant"), [("22-8", "22:00-08:00"), ("21–7", "21:00-07:00"), ("at 9", "22:00-08:00")]
)
def test_quiet_hours_that_are_not_understood_advise_what_was_meant(
    tmp_path: Path, said: str, meant: str
) -> None:
    (found,) = findings(written(tmp_path, f'[company]\nquiet_hours = "{said}"\n'))

    assert found.endswith(f'write "{meant}"'), found


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "closeloop.db", "postgresql://"]
)
def test_a_database_that_forgets_is_refused(tmp_path: Path, url: str) -> None:
    (found,) = findings(written(tmp_path, f'[storage]\nurl = "{url}"\n'))

    assert "address of a database" in found


def test_a_port_is_one(tmp_path: Path) -> None:
    (high,) = findings(written(tmp_path, "[http]\nport = 65536\n"))
    (low,) = findings(written(tmp_path, "[http]\nport = -1\n"))

    assert "65536 is too big → write at most 65535" in high
    assert "-1 is too small → write at least 0" in low


def test_a_section_that_is_no_table_is_a_wrong_type(tmp_path: Path) -> None:
    (found,) = findings(written(tmp_path, "http = 8080\n"))

    assert found.startswith("1: http: wrong type: 8080 → write a table")


def test_findings_speak_chinese_too(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="是否想写“name”？"):
        load_config(written(tmp_path, '[company]\nnam = "x"\n'), words=translator("zh"))


def test_tables_keep_their_comments_out(tmp_path: Path) -> None:
    assert tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["slack"]["enabled"] is False

"""people sync: an LDAP server becomes the directory, or nothing changes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.command import Done, inside
from tests.fakes.ldap_proxy import DONE, ENTRY, LdapProxy, kind_of
from tests.slapd import GROUPS, PEOPLE, READER, READER_PASSWORD, SUFFIX, Slapd

pytestmark = pytest.mark.ldap

PEOPLE_HERE = 12  # that `staffed` adds
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()


def people() -> dict[str, dict]:
    return {one["id"]: one for one in inside("people", "list", "--json").json if one["active"]}


def follow(deployment: Path, url: str, *more: str) -> None:
    """The deployment takes its people from a server."""
    (deployment / "ldap-password").write_text(READER_PASSWORD)
    (deployment / "ldap-password").chmod(0o600)
    file = deployment / "config.toml"
    kept = file.read_text().partition("\n[ldap]")[0].replace('source = "ldap"\n', "")
    kept = kept.replace("[people]\n", '[people]\nsource = "ldap"\n')
    lines = [
        "[ldap]",
        f'url = "{url}"',
        f'bind_dn = "{READER}"',
        'password = "file:ldap-password"',
        *more,
    ]
    if not any(line.startswith("base") for line in more):
        lines.append(f'base = "{PEOPLE}"')
    file.write_text(kept + "\n" + "\n".join(lines) + "\n")


@pytest.fixture
def staffed(deployment: Path, slapd: Slapd) -> Slapd:
    """A company of twelve in force, led by somebody."""
    boss = slapd.person("zhou.min", "周敏", title="总监")
    for number in range(1, PEOPLE_HERE):
        slapd.person(f"p{number:02}", f"员工 {number}", manager=boss)
    follow(deployment, slapd.url)
    done = inside("people", "sync", "--accept")
    assert done.code == 0, done.err
    return slapd


def refused(done: Done, *words: str) -> None:
    """It says these words, and nobody was changed."""
    assert done.code in (1, 2), done.err
    for word in words:
        assert word in done.err
    assert len(people()) == PEOPLE_HERE


# ------------------------------------------------------------------ what is read


def test_people_are_read_with_names_mail_department_and_manager(
    deployment: Path, slapd: Slapd
) -> None:
    boss = slapd.person("ren.min", "任敏", title="总监", preferredLanguage="zh-CN, en;q=0.5")
    slapd.person("okafor", "Adaeze Ọkáfọ̀", manager=boss, departmentNumber="客服部")
    slapd.person("no.mail", "无邮箱", manager=boss, mail=None)
    follow(deployment, slapd.url)
    seen = inside("people", "sync", "--dry-run")
    before = people()
    done = inside("people", "sync", "--accept")
    found = people()

    assert seen.code == done.code == 0, done.err
    assert "added: no.mail, okafor, ren.min" in seen.err
    assert "wang.fang" in before
    assert set(found) == {"ren.min", "okafor", "no.mail"}
    assert found["okafor"]["name"] == "Adaeze Ọkáfọ̀"
    assert found["okafor"]["email"] == "okafor@example.com"
    assert found["okafor"]["manager"] == "ren.min"
    assert found["okafor"]["department"] == "customer-service"  # known by its Chinese name
    assert found["ren.min"]["department"] == "quality"
    assert found["ren.min"]["language"] == "zh"
    assert found["no.mail"]["email"] == ""
    assert inside("audit", "verify").code == 0
    assert "Nobody changed" in inside("people", "sync").err


def test_pages_of_any_size_give_everybody(staffed: Slapd, deployment: Path) -> None:
    follow(deployment, staffed.url, "page_size = 5")

    assert "Nobody changed" in inside("people", "sync").err
    assert len(people()) == PEOPLE_HERE


def test_the_department_may_be_a_part_of_the_name(deployment: Path, slapd: Slapd) -> None:
    slapd.add(f"ou=火箭部,{PEOPLE}", ["organizationalUnit"], ou="火箭部")
    slapd.add(f"ou=R&D Lab,{PEOPLE}", ["organizationalUnit"], ou="R&D Lab")
    slapd.person("a", "甲", within=f"ou=火箭部,{PEOPLE}", departmentNumber=None)
    slapd.person("b", "乙", within=f"ou=R&D Lab,{PEOPLE}", departmentNumber=None)
    slapd.person("c", "丙", departmentNumber="Legal affairs")
    mapping = 'departments = { "legal affairs" = "legal" }'
    follow(deployment, slapd.url, mapping)
    assert inside("people", "sync", "--accept").code == 0
    found = {name: one["department"] for name, one in people().items()}

    assert found["b"] == "r-d-lab"
    assert found["a"].startswith("d-")
    assert found["c"] == "legal"


def test_roles_come_from_groups_and_what_is_kept_here_stays(deployment: Path, slapd: Slapd) -> None:
    wang = slapd.person("wang.fang", "王芳", departmentNumber="customer-service")
    chen = slapd.person("chen.jing", "陈静", departmentNumber="customer-service")
    inner = slapd.group("team-leads", chen.upper())
    outer = slapd.group("Complaints, Managers".replace(",", "\\,"), inner, wang)
    toml = outer.replace("\\", "\\\\")
    follow(deployment, slapd.url, f'roles = {{ "{toml}" = "complaint-manager" }}')
    inside("people", "away", "wang.fang", "--deputy", "chen.jing", "--until", TOMORROW)
    done = inside("people", "sync", "--accept")
    found = people()
    slapd.change(outer, member=[chen])
    again = inside("people", "sync")

    assert done.code == 0, done.err
    assert set(found["wang.fang"]["roles"]) == {"complaint-handler", "complaint-manager"}
    assert "complaint-manager" in found["chen.jing"]["roles"]
    assert found["wang.fang"]["deputy"] == "chen.jing"
    assert found["wang.fang"]["title"] != ""  # the server has none, so that of before stays
    assert "changed: wang.fang" in again.err
    assert people()["wang.fang"]["roles"] == ["complaint-handler"]


def test_a_new_user_name_is_the_same_person(staffed: Slapd) -> None:
    inside("people", "away", "p01", "--deputy", "p02", "--until", TOMORROW)
    staffed.rename(f"uid=p01,{PEOPLE}", "uid=p01.married")
    done = inside("people", "sync")

    assert "changed: p01.married" in done.err
    assert people()["p01.married"]["deputy"] == "p02"
    assert "p01" not in people()
    assert inside("audit", "verify").code == 0


def test_a_user_name_that_is_given_again_is_somebody_new(staffed: Slapd) -> None:
    inside("people", "away", "p01", "--deputy", "p02", "--until", TOMORROW)
    staffed.remove(f"uid=p01,{PEOPLE}")
    assert "left: p01" in inside("people", "sync").err
    staffed.person("p01", "新来的人")
    done = inside("people", "sync")

    assert "added: p01" in done.err
    assert people()["p01"]["deputy"] is None


def test_an_account_that_was_made_anew_is_still_the_person(staffed: Slapd) -> None:
    inside("people", "away", "p01", "--deputy", "p02", "--until", TOMORROW)
    staffed.remove(f"uid=p01,{PEOPLE}")
    staffed.person("p01", "员工 1", manager=f"uid=zhou.min,{PEOPLE}")

    assert "Nobody changed" in inside("people", "sync").err
    assert people()["p01"]["deputy"] == "p02"


def test_a_manager_who_is_not_read_is_told_and_left_out(staffed: Slapd) -> None:
    staffed.person("outside", "外部", within=SUFFIX)
    staffed.change(f"uid=p01,{PEOPLE}", manager=f"uid=outside,{SUFFIX}")
    done = inside("people", "sync")

    assert done.code == 0
    assert "none here: p01" in done.err
    assert people()["p01"]["manager"] is None


def test_active_directory_has_guids_and_disabled_accounts(deployment: Path, slapd: Slapd) -> None:
    def account(name: str, number: int, control: int, **more: object) -> str:
        return slapd.add(
            f"cn={name},{PEOPLE}",
            ["user", "extensibleObject"],
            sn=name,
            sAMAccountName=f"u{number}",
            objectGUID=bytes(range(number, number + 16)),
            userAccountControl=str(control),
            department="Quality",
            instanceType="4",
            nTSecurityDescriptor=b"-",
            objectCategory=f"cn=person,{SUFFIX}",
            **more,
        )

    boss = account("Ann Lee", 65, 512)
    account("张 伟", 128, 512, manager=boss, displayName="张伟")
    account("Gone Away", 3, 514, manager=boss)
    kind = 'kind = "active-directory"'
    follow(deployment, slapd.url, kind, 'filter = "(objectClass=user)"')
    done = inside("people", "sync", "--accept")
    slapd.change(f"cn=张 伟,{PEOPLE}", sAMAccountName="zhang.wei")
    again = inside("people", "sync")

    assert done.code == 0, done.err
    assert "added: u128, u65" in done.err
    assert "changed: zhang.wei" in again.err
    assert people()["zhang.wei"]["manager"] == "u65"
    assert people()["zhang.wei"]["name"] == "张伟"


# ------------------------------------------------------------------ encrypted


@pytest.mark.parametrize("sealed", ["ldaps", "starttls"])
def test_the_connection_is_encrypted_and_its_certificate_checked(
    staffed: Slapd, deployment: Path, sealed: str
) -> None:
    url = staffed.sealed_url if sealed == "ldaps" else staffed.url
    more = ["starttls = true"] if sealed == "starttls" else []
    follow(deployment, url, *more)
    stranger = inside("people", "sync")
    follow(deployment, url, *more, f'ca_file = "{staffed.certificate}"')

    refused(stranger, "certificate")
    assert "Nobody changed" in inside("people", "sync").err


# ------------------------------------------------------------------ the guard


def test_a_subtree_that_vanished_is_stopped_with_the_names(staffed: Slapd) -> None:
    for number in (3, 4, 5):
        staffed.remove(f"uid=p{number:02},{PEOPLE}")
    stopped = inside("people", "sync")
    seen = inside("people", "sync", "--dry-run")

    refused(stopped, "3 people", "p03, p04, p05", "people sync --accept")
    assert "left: p03, p04, p05" in seen.err
    assert inside("people", "sync", "--accept").code == 0
    assert len(people()) == PEOPLE_HERE - 3


def test_many_who_leave_by_and_by_are_stopped_too(staffed: Slapd) -> None:
    for number in (1, 2):
        staffed.remove(f"uid=p{number:02},{PEOPLE}")
        assert inside("people", "sync").code == 0
    staffed.remove(f"uid=p03,{PEOPLE}")
    stopped = inside("people", "sync")
    accepted = inside("people", "sync", "--accept")
    staffed.remove(f"uid=p04,{PEOPLE}")

    assert stopped.code == 1
    assert "Within a day 2 left before" in stopped.err
    assert accepted.code == 0
    assert inside("people", "sync").code == 0  # what was accepted counts no more


# ------------------------------------------------------------------ half an answer


def test_a_size_limit_changes_nothing(staffed: Slapd, deployment: Path) -> None:
    limit = f'limits dn.exact="{READER}" size.prtotal=7'
    staffed.restart(limits=limit)
    follow(deployment, staffed.url, "page_size = 5")
    refused(inside("people", "sync", "--accept"), "size limit")
    staffed.restart(limits=f'limits dn.exact="{READER}" size.prtotal=disabled')
    refused(inside("people", "sync", "--accept"), "Nobody was changed")


def test_a_connection_that_ends_between_pages_changes_nothing(
    staffed: Slapd, deployment: Path
) -> None:
    passed: list[int] = []

    def cut(message: bytes) -> bytes | None:
        passed.append(kind_of(message))
        return None if passed.count(DONE) == 1 and passed.count(ENTRY) > 7 else message

    with LdapProxy(port=staffed.port, answered=cut) as proxy:
        follow(deployment, proxy.url, "page_size = 5", "timeout_s = 5")
        refused(inside("people", "sync", "--accept"), "[ldap] url")


def test_a_server_that_goes_silent_changes_nothing(staffed: Slapd, deployment: Path) -> None:
    with LdapProxy(port=staffed.port, answered=lambda _: b"") as proxy:
        follow(deployment, proxy.url, "timeout_s = 1")
        refused(inside("people", "sync"), "[ldap] url")


def test_a_page_that_does_not_say_whether_it_is_the_last_changes_nothing(
    staffed: Slapd, deployment: Path
) -> None:
    paged, other = b"1.2.840.113556.1.4.319", b"1.2.840.113556.1.4.310"
    with LdapProxy(port=staffed.port, answered=lambda m: m.replace(paged, other)) as proxy:
        follow(deployment, proxy.url, "page_size = 5")
        refused(inside("people", "sync", "--accept"), "RFC 2696")


def test_a_cookie_that_the_server_does_not_know_changes_nothing(
    staffed: Slapd, deployment: Path
) -> None:
    def spoil(message: bytes) -> bytes:
        paged = b"1.2.840.113556.1.4.319"
        before, found, control = message.partition(paged)
        return before + found + control[:-4] + b"\x7f" * 4 if len(control) > 16 else message

    with LdapProxy(port=staffed.port, asked=spoil) as proxy:
        follow(deployment, proxy.url, "page_size = 5")
        refused(inside("people", "sync", "--accept"), "Nobody was changed")


def test_a_part_on_another_server_is_not_taken_for_empty(staffed: Slapd, deployment: Path) -> None:
    staffed.add(
        f"ou=abroad,{PEOPLE}",
        ["referral", "extensibleObject"],
        ou="abroad",
        ref=f"ldap://127.0.0.1:9/ou=abroad,{PEOPLE}",
    )
    refused(inside("people", "sync", "--accept"), "another server")
    follow(deployment, staffed.url, 'referrals = "ignore"')

    assert "Nobody changed" in inside("people", "sync").err


def test_what_the_server_refuses_is_told_with_what_to_do(staffed: Slapd, deployment: Path) -> None:
    follow(deployment, staffed.url, f'base = "ou=nowhere,{SUFFIX}"')
    refused(inside("people", "sync"), "ou=nowhere", "[ldap] base")
    follow(deployment, staffed.url, f'roles = {{ "cn=nobody,{GROUPS}" = "quality-manager" }}')
    refused(inside("people", "sync"), "cn=nobody", "[ldap] roles")
    follow(deployment, staffed.url, 'filter = "(uid=x))((y)"')
    refused(inside("people", "sync"), "filter")
    follow(deployment, staffed.url, 'filter = "(uid=nobody)"')
    refused(inside("people", "sync", "--accept"), "nobody was found")
    follow(deployment, staffed.url)
    (deployment / "ldap-password").write_text("wrong")
    refused(inside("people", "sync"), "[ldap] bind_dn and password")
    follow(deployment, staffed.url)
    staffed.stop()
    refused(inside("people", "sync"), "[ldap] url")
    staffed.start()


# ------------------------------------------------------------------ wrong entries


def test_every_wrong_entry_is_named_with_its_attribute(staffed: Slapd) -> None:
    staffed.add(f"ou=more,{PEOPLE}", ["organizationalUnit"], ou="more")
    staffed.person("p01", "又一个", within=f"ou=more,{PEOPLE}", mail="other@example.com")
    staffed.person("x", "乙", mail="p02@EXAMPLE.com")
    staffed.change(f"uid=p04,{PEOPLE}", mail="no address")
    staffed.change(f"uid=p05,{PEOPLE}", manager=f"uid=p06,{PEOPLE}")
    staffed.change(f"uid=p06,{PEOPLE}", manager=f"uid=p05,{PEOPLE}")
    staffed.add(f"cn=nameless,{PEOPLE}", ["inetOrgPerson"], sn="无名", departmentNumber="Quality")
    done = inside("people", "sync", "--accept")

    refused(done, "5 things", staffed.url)
    assert f'uid=p01,ou=more,{PEOPLE} [uid]: "p01" is also that of uid=p01,{PEOPLE}' in done.err
    assert f"uid=x,{PEOPLE} [mail]" in done.err
    assert f"uid=p04,{PEOPLE} [mail]" in done.err
    assert "p05 → p06 → p05" in done.err or "p06 → p05 → p06" in done.err
    assert f"cn=nameless,{PEOPLE} [uid]" in done.err


def test_a_person_without_a_department_is_named_unless_there_is_a_default(
    staffed: Slapd, deployment: Path
) -> None:
    staffed.person("x", "乙", within=SUFFIX, departmentNumber=None)
    follow(deployment, staffed.url, f'base = "{SUFFIX}"')
    done = inside("people", "sync")
    follow(deployment, staffed.url, f'base = "{SUFFIX}"', 'default_department = "quality"')

    refused(done, f"uid=x,{SUFFIX} [departmentNumber / ou / dn:ou]")
    assert inside("people", "sync").code == 0
    assert people()["x"]["department"] == "quality"


# ------------------------------------------------------------------ one source


def test_a_file_does_not_overwrite_what_comes_from_the_server(
    staffed: Slapd, deployment: Path
) -> None:
    stopped = inside("people", "import", "people.toml")
    seen = inside("people", "import", "people.toml", "--dry-run")

    refused(stopped, "People come from ldap", 'source = "file"')
    assert seen.code == 0
    assert inside("people", "import", "people.toml", "--accept").code == 0
    assert "wang.fang" in people()


def test_without_a_directory_there_is_nothing_to_read(deployment: Path) -> None:
    done = inside("people", "sync")

    assert done.code == 1
    assert "[people] source" in done.err


def test_a_deployment_of_a_server_needs_no_file(staffed: Slapd, deployment: Path) -> None:
    (deployment / "people.toml").unlink()

    assert inside("check").code == 0

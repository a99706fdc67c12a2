"""A certificate in a chat: its files, then the day on which it expires."""

from __future__ import annotations

from tests.adapters.telegram.ground import Company
from tests.fakes.telegram import Message, Person
from tests.unit.handlers.certified_office import PDF, put_in_force, stored


async def supplier(office: Company) -> tuple[Person, Message]:
    await put_in_force(office.work)
    (person,) = await office.people("emma.clark")
    await person.says("/certified")
    await office.fake.confirmed()
    return person, person.last()


async def hands_in(office: Company, person: Person, name: str) -> None:
    await person.sends_document(name, PDF, "application/pdf")
    await office.fake.confirmed()


async def test_the_expiry_is_asked_after_the_files_and_not_where_there_are_none(
    office: Company,
) -> None:
    person, form = await supplier(office)
    await office.answers(person, "+华东精工", "服务")
    assert "营业执照" in form.text
    await hands_in(office, person, "license.pdf")
    await office.answers(person, "下一题 ›")
    assert "营业执照：有效期至" in form.text
    assert "长期有效的不填" in form.text
    await office.answers(person, "跳过")
    assert "质量体系证书" in form.text

    await hands_in(office, person, "iso.pdf")
    await office.answers(person, "下一题 ›", "+2026-02-01")
    assert "该证书已于 2026年2月1日过期，请提交有效的证书。" in form.text
    await office.answers(person, "+2027-06-30")
    assert "安全生产许可证" in form.text
    await office.answers(person, "跳过")
    assert "代理授权书" in form.text
    assert "有效期至" not in form.text
    await office.answers(person, "跳过")
    assert "走访日期" in form.text
    await office.answers(person, "跳过")
    await office.answers(person, "提交")

    kept = await stored(office.work)
    assert kept["iso9001_expires"] == "2027-06-30"
    assert set(kept) == {"supplier", "goods", "license", "iso9001", "iso9001_expires"}


async def test_a_certificate_that_its_goods_need_cannot_be_skipped(office: Company) -> None:
    person, form = await supplier(office)
    await office.answers(person, "+华东精工", "零部件")
    for name, expiry in (("license.pdf", "跳过"), ("iso.pdf", "+2027-06-30")):
        await hands_in(office, person, name)
        await office.answers(person, "下一题 ›", expiry)

    assert "安全生产许可证" in form.text
    assert "跳过" not in form.labels
    await hands_in(office, person, "safety.pdf")
    await office.answers(person, "下一题 ›")
    assert "安全生产许可证：有效期至" in form.text
    assert "跳过" not in form.labels

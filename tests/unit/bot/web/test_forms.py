"""A customer fills in a web form without a script, and a case is filed; once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.customers import FILLED, PDF, Customer, put_in_force, served
from tests.office import Workplace, in_both, opened

__all__ = ["in_both"]  # a fixture

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workplace]:
    async with opened(tmp_path) as found:
        yield found


@pytest.fixture
async def customer(work: Workplace) -> AsyncIterator[Customer]:
    async with served(work) as found:
        yield found


# ------------------------------------------------------------------ filing


async def test_a_form_files_a_case_and_its_number_is_shown(customer: Customer) -> None:
    page = await customer.opens()
    thanks = await customer.sends(page, {**FILLED, "mail": "li@example.com"})
    case = await customer.case()

    assert thanks.answer.status_code == 200
    assert thanks.heading == "What is wrong with the parcel?"
    assert "Thank you for writing to us" in thanks.text
    assert "B-2026-0001" in thanks.text
    assert case["filer"] == "li.qiang"
    assert case["history"][0]["via"] == "form:web"
    assert case["fields"] == {"source": "web", "mail": "li@example.com", **FILLED}


async def test_the_filer_is_told_and_the_history_says_where_it_came_from(
    customer: Customer,
) -> None:
    await customer.sends(await customer.opens(), FILLED)
    await customer.work.settle()
    filer = customer.work.person("li.qiang")
    await filer.sees("B-2026-0001", "李雷")
    await filer.presses("详情", kind="case")

    assert "客户通过网页表单发起了包裹问题，由李强代为答复" in filer.reads()


async def test_the_page_is_in_the_language_of_the_address_or_of_the_browser(
    customer: Customer,
) -> None:
    chinese = await customer.opens(lang="", **{"accept-language": "de, zh-TW;q=0.8, en;q=0.5"})
    english = await customer.opens(lang="en", **{"accept-language": "zh"})
    neither = await customer.opens(lang="", **{"accept-language": "fr"})

    assert (chinese.heading, chinese.language) == ("包裹出了什么问题？", "zh-CN")
    assert (english.heading, english.language) == ("What is wrong with the parcel?", "en")
    assert neither.language == "zh-CN"  # the company's
    assert 'lang="zh-CN"' in chinese.answer.text
    assert "?lang=en" in chinese.links


async def test_the_page_has_what_customers_are_asked_and_nothing_of_the_company(
    customer: Customer,
) -> None:
    page = await customer.opens()

    assert page.asked["f.name"]["maxlength"] == "40"
    assert "required" in page.asked["f.name"]
    assert page.asked["f.mail"]["type"] == "email"
    assert page.asked["f.arrived"]["type"] == "date"
    assert "image/png," in (page.asked["f.photos"]["accept"] or "")
    assert not {"f.source", "f.other"} & page.asked.keys()
    assert "Internal" not in page.text
    assert "<script" not in page.answer.text


async def test_what_was_typed_is_kept_when_something_is_wrong(customer: Customer) -> None:
    page = await customer.opens()
    typed = {**FILLED, "name": "", "story": '  <b>wet</b>\n"box" ', "depot": "d7", "worth": "1,5"}
    again = await customer.sends(page, {**typed, "damage": ["inside"], "mail": "nobody"})
    kept = dict(again.values)

    assert again.answer.status_code == 422
    assert again.title.startswith("Please check: ")
    assert "3 answers have to be mended" in again.text
    assert again.wrong("name") == "Please fill this in."
    assert "number" in again.wrong("worth")
    assert "e-mail" in again.wrong("mail")
    assert {"#f-name", "#f-worth", "#f-mail"} <= {*again.links}
    assert kept["f.story"] == typed["story"]
    assert (kept["f.depot"], kept["f.damage"], kept["f.kind"]) == ("d7", "inside", "damaged")
    assert "<b>wet" not in again.answer.text
    assert kept["once"] == dict(page.values)["once"]
    assert await customer.cases() == []


async def test_a_mended_form_is_filed(customer: Customer) -> None:
    again = await customer.sends(await customer.opens(), {**FILLED, "name": ""})
    thanks = await customer.sends(again, {"name": "李雷"})

    assert "B-2026-0001" in thanks.text
    assert (await customer.case())["fields"]["story"] == FILLED["story"]


async def test_a_field_is_asked_for_once_its_condition_holds(customer: Customer) -> None:
    page = await customer.opens()
    further = await customer.sends(page, {**FILLED, "kind": "other"})
    refused = await customer.sends(further, {"other": ""})
    thanks = await customer.sends(refused, {"other": "送错了"})

    assert "f.other" not in page.asked
    assert further.answer.status_code == 200
    assert "lead to further questions" in further.text
    assert "aria-invalid" not in further.asked["f.other"]
    assert refused.wrong("other") == "Please fill this in."
    assert "B-2026-0001" in thanks.text
    assert (await customer.case())["fields"]["other"] == "送错了"


async def test_an_answer_whose_condition_holds_no_more_is_left_out(customer: Customer) -> None:
    further = await customer.sends(await customer.opens(), {**FILLED, "kind": "other"})
    thanks = await customer.sends(further, {"other": "送错了", "kind": "damaged"})

    assert "B-2026-0001" in thanks.text
    assert "other" not in (await customer.case())["fields"]


async def test_a_field_can_become_required(customer: Customer) -> None:
    again = await customer.sends(await customer.opens(), {**FILLED, "kind": "lost"})

    assert again.wrong("worth") == "Please fill this in."
    assert "required" in again.asked["f.worth"]


async def test_every_type_of_field_reaches_the_case(customer: Customer) -> None:
    answers = {
        **FILLED,
        "damage": ["box", "inside"],
        "worth": "1,200.50",
        "count": "２",
        "arrived": "2026-02-27",
        "at": "9:30",
        "depot": "d3",
        "proof_expires": "2027-01-31",
        "items/0/what": "杯子",
        "items/0/price": "12",
        "items/0/state": "new",
    }
    files = [
        ("photos", ("a.png", PNG, "image/png")),
        ("photos", ("b.pdf", PDF, "application/pdf")),
        ("proof", ("p.pdf", PDF + b"p", "application/pdf")),
    ]
    thanks = await customer.sends(await customer.opens(), answers, files=files)
    fields = (await customer.case())["fields"]

    assert "B-2026-0001" in thanks.text, thanks.text
    assert fields["damage"] == ["box", "inside"]
    assert (fields["worth"], fields["count"]) == ("1200.50", "2")
    assert (fields["arrived"], fields["at"]) == ("2026-02-27", "09:30")
    assert fields["photos"] == ["a.png", "b.pdf"]
    assert fields["proof_expires"] == "2027-01-31"
    assert fields["items"] == [{"what": "杯子", "price": "12", "state": "new"}]
    assert fields["items_sum"] == "12"


# ------------------------------------------------------------------ items


async def test_an_item_is_added_without_a_script_and_nothing_is_filed(customer: Customer) -> None:
    page = await customer.opens()
    more = await customer.sends(page, {"items/0/what": "杯子"}, more="items")
    most = await customer.sends(more, {"items/1/what": "盘子"}, more="items")
    full = await customer.sends(most, more="items")

    assert more.answer.status_code == 200
    assert "have to be mended" not in more.text
    assert dict(more.values)["f.items/0/what"] == "杯子"
    assert "f.items/1/what" in more.asked
    assert "f.items/2/what" in most.asked
    assert "more" not in most.asked  # three are the most
    assert "f.items/3/what" not in full.asked
    assert await customer.cases() == []


async def test_what_is_wrong_in_an_item_is_said_at_its_cell(customer: Customer) -> None:
    page = await customer.opens()
    cells = {"items/0/what": "杯子", "items/0/price": "viel"}
    again = await customer.sends(page, {**FILLED, **cells})

    assert "number" in again.wrong("items/0/price")
    assert "Price" in again.of("f-items-wrong")


# ------------------------------------------------------------------ once


async def test_a_double_click_files_once(customer: Customer) -> None:
    page = await customer.opens()
    files = [("photos", ("a.png", PNG, "image/png"))]
    first = await customer.sends(page, FILLED, files=files)
    second = await customer.sends(page, FILLED, files=files)

    assert "B-2026-0001" in first.text
    assert "B-2026-0001" in second.text
    assert len(await customer.cases()) == 1


async def test_two_clicks_at_the_same_time_file_once(in_both: Workplace) -> None:
    async with served(in_both) as customer:
        page = await customer.opens()
        pages = await asyncio.gather(*(customer.sends(page, FILLED) for _ in range(4)))

        assert len(await customer.cases()) == 1
    assert ["B-2026-0001" in one.text for one in pages] == [True] * 4


async def test_a_page_that_was_sent_is_not_filed_with_other_answers(customer: Customer) -> None:
    page = await customer.opens()
    await customer.sends(page, FILLED)
    other = await customer.sends(page, {**FILLED, "story": "另一件"})

    assert other.answer.status_code == 409
    assert "B-2026-0001" in other.text
    assert "?lang=en" in other.links
    assert len(await customer.cases()) == 1


async def test_the_thanks_can_be_read_again_in_either_language(customer: Customer) -> None:
    thanks = await customer.sends(await customer.opens(), FILLED)
    (switch,) = (one for one in thanks.links if "lang=zh" in one)
    chinese = await customer.client.get(thanks.answer.url.join(switch))
    other = await customer.opens(f"{customer.link()}?filed=guessed-0123456789")

    assert "B-2026-0001" in chinese.text
    assert "谢谢您的来信" in chinese.text
    assert "f.name" in other.asked


async def test_after_an_erasure_the_number_is_not_told_and_nothing_is_filed_twice(
    customer: Customer,
) -> None:
    page = await customer.opens()
    thanks = await customer.sends(page, FILLED)
    await customer.work.database.run(lambda tx: tx.inbox.forget_answers())
    shown = await customer.client.get(thanks.answer.url)
    again = await customer.sends(page, FILLED)

    assert shown.status_code == 200
    assert "B-2026-0001" not in shown.text
    assert again.answer.status_code == 409
    assert "no longer stored" in again.text
    assert len(await customer.cases()) == 1


async def test_a_page_without_its_mark_is_shown_again(customer: Customer) -> None:
    page = await customer.opens()
    for once in ("", "short", "with space " * 3):
        again = await customer.sends(page, FILLED, once=once)
        assert "Nothing was sent yet" in again.text
        assert len(dict(again.values)["once"]) > 20
    assert await customer.cases() == []


# ------------------------------------------------------------------ links and versions


async def test_what_a_link_fixes_is_shown_and_cannot_be_changed(customer: Customer) -> None:
    path = customer.link(name="shop", values={"name": "华东超市", "kind": "lost"})
    page = await customer.opens(path)
    thanks = await customer.sends(page, {"story": "丢了", "worth": "5", "name": "别人"})
    case = await customer.case()

    assert "华东超市" in page.text
    assert "Lost" in page.text
    assert not {"f.name", "f.kind"} & page.asked.keys()
    assert "B-2026-0001" in thanks.text
    assert (case["fields"]["name"], case["fields"]["kind"]) == ("华东超市", "lost")
    assert case["history"][0]["via"] == "form:shop"


async def test_what_a_customer_is_not_asked_cannot_be_answered(customer: Customer) -> None:
    await customer.sends(await customer.opens(), {**FILLED, "source": "phone"})

    assert (await customer.case())["fields"]["source"] == "web"


async def test_the_filer_is_somebody_who_is_there(customer: Customer) -> None:
    away = customer.work.person("li.qiang")
    await away.says("/away")
    await away.fills(person="wang.fang", first="2026-03-02", last="2026-03-04")
    await customer.sends(await customer.opens(), FILLED)

    assert (await customer.case())["filer"] == "sun.yue"


async def test_a_form_that_has_changed_since_it_was_opened_is_asked_as_it_is_now(
    customer: Customer, work: Workplace
) -> None:
    page = await customer.opens()
    text = (Path(__file__).parents[3] / "parcel.toml").read_text(encoding="utf-8")
    await put_in_force(work, text.replace("when = 'kind == \"other\"', ", ""))
    further = await customer.sends(page, FILLED)
    thanks = await customer.sends(further, {"other": "x"})

    assert "f.other" in further.asked
    assert "B-2026-0001" in thanks.text

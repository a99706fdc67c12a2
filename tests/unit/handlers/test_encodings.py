"""Which encoding the bytes of a text are in."""

import pytest

from handlers.encodings import NotText, clear, decode, readings

CHINESE = "客户来电：昨天收到的货有三箱破损，要求退换。"
TRADITIONAL = "客戶來電：昨天收到的貨有三箱破損，要求退換。"
GERMAN = "Müller beschwert sich über verspätete Lieferung, Größe stimmt nicht."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "gb18030"]
)
def test_chinese_is_read_in_the_encodings_that_programs_write(encoding: str) -> None:
    text = f"id,备注\n1,{CHINESE}\n"
    found = readings(text.encode(encoding))

    assert clear(found)
    assert found[0].text == text


def test_one_name_in_a_file_of_ascii_is_enough() -> None:
    text = (
        "id,name,department\n" + "".join(f"p{n},Person {n},sales\n" for n in range(40)) + "w,王芳,"
    )
    found = readings(text.encode("gb18030"))

    assert found[0].encoding == "gb18030"
    assert found[0].text == text


def test_big5_and_windows_1252_are_read_best_as_what_they_are() -> None:
    big5 = readings(TRADITIONAL.encode("cp950"))
    latin = readings(GERMAN.encode("cp1252"))

    assert (big5[0].encoding, big5[0].text) == ("big5", TRADITIONAL)
    assert (latin[0].encoding, latin[0].text) == ("windows-1252", GERMAN)


def test_two_characters_that_are_common_in_both_encodings_decide_nothing() -> None:
    found = readings("白".encode("gb18030"))

    assert {one.encoding for one in found} == {"gb18030", "big5"}
    assert not clear(found)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00",
        b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00",
        b"\x7fELF\x02\x01\x01" + bytes(40),
        bytes(range(256)),
        b"\xff\xfe\x00\xd8",  # half of a pair of surrogates
    ],
)
def test_the_bytes_of_a_program_are_no_text(content: bytes) -> None:
    with pytest.raises(NotText):
        readings(content)


def test_a_named_encoding_is_the_only_one_tried() -> None:
    assert decode(b"\xa4\xa4", encoding="big5") == "中"
    with pytest.raises(NotText):
        decode(b"\xff\xff", encoding="utf-8")

"""What users read in English is there in Chinese: the same sections, the same examples."""

import re
from pathlib import Path

import pytest

from tests.house import source

DOCS = source.ROOT / "docs"
FOLDERS = ("tutorial", "how-to", "reference")
ENGLISH_ONLY = {DOCS / "reference" / "playground-api.md"}  # internal, for contributors
PAGES = {
    **{
        path: DOCS / "zh" / path.relative_to(DOCS)
        for path in source.files()
        if path.suffix == ".md"
        and path.parent in {DOCS / name for name in FOLDERS}
        and path not in ENGLISH_ONLY
    },
    DOCS / "glossary.md": DOCS / "zh" / "glossary.md",
    source.ROOT / "README.md": source.ROOT / "README.zh-CN.md",
}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PROGRAMS = {"toml", "sh", "python", "json"}  # what is typed is the same in both languages


def prose(path: Path) -> str:
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def outline(path: Path) -> list[str]:
    """The levels of the headings, in order."""
    return re.findall(r"^(#+) ", prose(path), re.MULTILINE)


def shape(path: Path) -> list[str]:
    """Of each block that is not an example: heading, list, table or text, and how many lines."""
    found = []
    for block in re.split(r"\n\s*\n", prose(path).strip()):
        lines = block.strip().splitlines()
        kind = re.sub(r"[^#|<>*-].*", "", lines[0])[:2] or "text"
        found.append(f"{kind} {len(lines)}")
    return found


def examples(path: Path) -> list[str]:
    blocks = FENCE.findall(path.read_text(encoding="utf-8"))
    return [re.sub(r"#.*", "", text) for kind, text in blocks if kind in PROGRAMS]


@pytest.mark.parametrize("page", PAGES, ids=source.name)
def test_a_page_has_the_same_sections_in_chinese(page: Path) -> None:
    assert outline(PAGES[page]) == outline(page)


@pytest.mark.parametrize("page", PAGES, ids=source.name)
def test_a_page_has_the_same_examples_in_chinese(page: Path) -> None:
    assert len(examples(PAGES[page])) == len(examples(page))


@pytest.mark.parametrize("page", PAGES, ids=source.name)
def test_a_page_has_the_same_rows_and_paragraphs_in_chinese(page: Path) -> None:
    """What is added to one language is missing in the other, and found here."""
    assert shape(PAGES[page]) == shape(page)


@pytest.mark.parametrize("page", PAGES, ids=source.name)
def test_the_chinese_page_is_in_chinese(page: Path) -> None:
    paragraphs = [text for text in prose(PAGES[page]).split("\n\n") if len(text) > 80]

    assert [text for text in paragraphs if not CHINESE.search(text)] == []


@pytest.mark.parametrize("page", PAGES, ids=source.name)
def test_each_page_leads_to_the_other_language(page: Path) -> None:
    for one, other in ((page, PAGES[page]), (PAGES[page], page)):
        targets = re.findall(r"\]\(([^)#\s]+\.md)\)", prose(one))

        assert other in [(one.parent / target).resolve() for target in targets], one


@pytest.mark.parametrize("page", PAGES, ids=source.name)
def test_links_of_the_chinese_page_stay_in_chinese(page: Path) -> None:
    """Where a page that is linked exists in Chinese, the link leads to that one."""
    chinese = PAGES[page]
    targets = re.findall(r"\]\(([^)#\s]+\.md)", prose(chinese))
    resolved = [(chinese.parent / target).resolve() for target in targets if "://" not in target]
    strays = [target for target in resolved if target in PAGES and target != page]

    assert strays == []


@pytest.mark.parametrize("page", PAGES.values(), ids=source.name)
def test_a_chinese_page_says_which_of_its_links_lead_to_pages_in_english(page: Path) -> None:
    links = re.finditer(r"\[([^\]]*)\]\(([^)#:]+)(?:#[^)]*)?\)(（英文）)?", prose(page))
    wrong = [
        link[0]
        for link in links
        if (target := (page.parent / link[2]).resolve()).suffix == ".md"
        and target.parent != source.ROOT
        and link[1] != "English"
        and bool(link[3]) == bool(CHINESE.search(target.read_text(encoding="utf-8")[:400]))
    ]

    assert wrong == []

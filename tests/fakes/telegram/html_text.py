"""HTML as Telegram reads it: few tags, few entities, and no patience."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.errors import bad

Entity = dict[str, Any]

TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "blockquote": "blockquote",
}
SPACE = " \t\r\n\v\f\0"
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#(?P<dec>\d+)|#x(?P<hex>[0-9a-fA-F]+)|(?P<name>[a-zA-Z]+));?")
TIME_FORMAT = re.compile(r"[rR]|[tTdDwW]*")
MAX_ENTITIES = 100


def units(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts offsets."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    begin: int


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def refuse(self, what: str) -> Exception:
        return bad(f"can't parse entities: {what}")

    def byte(self, position: int) -> int:
        return len(self.source[:position].encode())

    def here(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            character = self.here()
            if character == "&":
                self.put(self.reference())
            elif character != "<":
                self.put(character)
                self.at += 1
            elif self.source[self.at + 1 : self.at + 2] == "/":
                self.end_tag()
            else:
                self.start_tag()
        if self.open:
            tag = self.open[-1].tag
            raise self.refuse(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return "".join(self.out), self.entities

    def put(self, text: str) -> None:
        self.out.append(text)
        self.offset += units(text)

    def reference(self) -> str:
        """A character reference; what is none stays as it is."""
        found = REFERENCE.match(self.source, self.at)
        text = "&"
        if found and found["name"]:
            text = NAMED.get(found["name"].lower(), "&")
        elif found:
            code = int(found["dec"]) if found["dec"] else int(found["hex"], 16)
            if 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000:
                text = chr(code)
        is_plain = text == "&" and not (found and (found["name"] or "").lower() == "amp")
        self.at += 1 if is_plain or found is None else len(found.group())
        return text

    def until(self, stops: str) -> str:
        begin = self.at
        while self.here() and self.here() not in stops:
            self.at += 1
        return self.source[begin : self.at]

    def skip_space(self) -> None:
        while self.here() and self.here() in SPACE:
            self.at += 1

    def start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self.until(SPACE + ">").lower()
        unclosed = self.refuse(f"Unclosed start tag at byte offset {self.byte(begin)}")
        if not self.here():
            raise unclosed
        if tag not in TYPES:
            raise self.refuse(f'Unsupported start tag "{tag}" at byte offset {self.byte(begin)}')
        attributes: dict[str, str] = {}
        while True:
            self.skip_space()
            if self.here() == ">":
                break
            if not self.here():
                raise unclosed
            name, value = self.attribute(tag, begin)
            attributes[name] = value
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self.refuse(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self.byte(begin)}'
            )
        self.open.append(_Open(tag, attributes, self.offset, begin))

    def attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self.until(SPACE + "=>/\"'").lower()
        if not name:
            raise self.refuse(
                f'Empty attribute name in the tag "{tag}" at byte offset {self.byte(begin)}'
            )
        self.skip_space()
        if self.here() != "=":
            if tag == "blockquote" and name == "expandable":
                return name, "1"
            raise self.refuse(
                "Expected equal sign in declaration of an attribute of the tag "
                f'"{tag}" at byte offset {self.byte(begin)}'
            )
        self.at += 1
        self.skip_space()
        quote = self.here()
        if quote not in {"'", '"'}:
            token = self.at
            value = self.until(SPACE + "><\"'=/").lower()
            if not re.fullmatch(r"[a-z0-9.-]*", value) or (
                self.here() and self.here() not in SPACE + ">"
            ):
                raise self.refuse(f"Unexpected end of name token at byte offset {self.byte(token)}")
            return name, value
        self.at += 1
        parts: list[str] = []
        while self.here() and self.here() != quote:
            if self.here() == "&":
                parts.append(self.reference())
            else:
                parts.append(self.here())
                self.at += 1
        self.at += 1
        return name, "".join(parts)

    def end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self.refuse(f"Unexpected end tag at byte offset {self.byte(begin)}")
        self.at += 2
        tag = self.until(SPACE + ">").lower()
        self.skip_space()
        if self.here() != ">":
            raise self.refuse(f"Unclosed end tag at byte offset {self.byte(begin)}")
        self.at += 1
        opened = self.open.pop()
        if tag and tag != opened.tag:
            raise self.refuse(
                f"Unmatched end tag at byte offset {self.byte(begin)}, "
                f'expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self.offset > opened.offset:
            self.keep(opened)

    def keep(self, opened: _Open) -> None:
        entity: Entity = {
            "type": TYPES[opened.tag],
            "offset": opened.offset,
            "length": self.offset - opened.offset,
        }
        given = opened.attributes
        if opened.tag == "a":
            shown = "".join(self.out).encode("utf-16-le")[2 * opened.offset :].decode("utf-16-le")
            url = given.get("href") or shown
            if not re.match(r"(https?|tg|tel|mailto):|\S+\.\S+", url, re.IGNORECASE):
                return  # what is no address becomes plain text
            entity["url"] = url
        elif opened.tag == "tg-emoji":
            if not given.get("emoji-id", "").isdigit():
                raise self.refuse("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = given["emoji-id"]
        elif opened.tag == "tg-time":
            self.time(entity, given)
        elif opened.tag == "blockquote" and "expandable" in given:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "code" and given.get("class", "").startswith("language-"):
            entity["language"] = given["class"].removeprefix("language-")
        if opened.tag == "pre" and self._is_code_block(entity):
            return
        if entity["type"] == "code":
            outer = self.open[-1] if self.open else None
            if "language" in entity and not (outer and outer.tag == "pre"):
                del entity["language"]
        self.entities.append(entity)

    def time(self, entity: Entity, given: dict[str, str]) -> None:
        if not re.fullmatch(r"-?\d{1,10}", given.get("unix", "")):
            raise self.refuse("Invalid unix time specified in a date-time tag")
        form = given.get("format", "")
        if not TIME_FORMAT.fullmatch(form):
            raise self.refuse("Invalid date-time format specified")
        entity["unix_time"] = int(given["unix"])
        if form:
            entity["date_time_format"] = form

    def _is_code_block(self, pre: Entity) -> bool:
        """`<pre><code class="language-x">` is one entity with a language."""
        last = self.entities[-1] if self.entities else None
        if last is None or last["type"] != "code":
            return False
        if (last["offset"], last["length"]) != (pre["offset"], pre["length"]):
            return False
        last["type"] = "pre"
        return True


def parse(source: str) -> tuple[str, list[Entity]]:
    """The text that people see, trimmed, and its entities in UTF-16 units."""
    return trim(*_Reader(source).read())


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """White space around a message is cut; entities move along and empty ones go."""
    begin = units(text[: len(text) - len(text.lstrip())])
    shown = text.strip()
    size = units(shown)
    kept = []
    for entity in entities:
        first = max(entity["offset"] - begin, 0)
        last = min(entity["offset"] + entity["length"] - begin, size)
        if last > first:
            kept.append({**entity, "offset": first, "length": last - first})
    kept = [piece for entity in kept for piece in _outside_code(entity, kept)]
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    if len(kept) > MAX_ENTITIES:
        raise bad("ENTITIES_TOO_LONG")
    return shown, kept


CODE = {"code", "pre"}
HOLDS_CODE = {"blockquote", "expandable_blockquote"}


def _outside_code(entity: Entity, entities: list[Entity]) -> list[Entity]:
    """Code holds no other entity, and only a quotation holds code."""
    if entity["type"] in CODE | HOLDS_CODE:
        return [entity]
    begin, end = entity["offset"], entity["offset"] + entity["length"]
    pieces = []
    for code in sorted(
        (other for other in entities if other["type"] in CODE), key=lambda other: other["offset"]
    ):
        first, last = code["offset"], code["offset"] + code["length"]
        if first < end and last > begin:
            pieces.append((begin, first))
            begin = last
    pieces.append((begin, end))
    return [entity | {"offset": a, "length": b - a} for a, b in pieces if b > a]


MENTIONED = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w+)?(?![\w/]))"
    r"|(?P<mention>(?<!\w)@[A-Za-z]\w{3,31})"
    r"|(?P<url>https?://\S+|t\.me/\S+)"
)


def found_in(text: str) -> list[Entity]:
    """Commands, mentions and links that Telegram finds in what a person types."""
    return [
        {"type": found.lastgroup, "offset": units(text[: found.start()]), "length": units(found[0])}
        for found in MENTIONED.finditer(text)
    ]

"""All texts that people read, in the languages of the product.

The texts are in gettext catalogues, `locales/<locale>/*.po`, under symbolic msgids such as
`card.task.title`. Code asks a translator for a msgid and passes the facts that the text names::

    words = translator("zh")
    words.t("card.task.title", number="C-2026-0042")  # 任务 · C-2026-0042
    words.n("card.tasks", 3)                          # 3 项待办

`{name}` in a text is the placeholder of a fact and has no other syntax: a fact is inserted as it is
and never read as a template, and no attribute of an object can be reached. `{{` and `}}` are
literal braces. A text with plural forms has one msgid too (`msgid_plural` repeats it), and its
number is `{count}`. `{/name}` is one of closeloop's commands, as it is typed where the text is
read (`Typed`).

A Chinese text has no space between its characters and a placeholder: whether one is needed depends
on the fact ("由李强办理", "由 Emma Clark 办理"), so it is added when the fact is inserted.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from babel.messages.pofile import read_po

LOCALES: Mapping[str, str] = MappingProxyType({"zh": "zh_CN", "en": "en"})
LANGUAGES = tuple(LOCALES)

_FOLDER = Path(__file__).parent / "locales"
_CLOSE = frozenset({"date.day", "date.day_of_year"})  # 2026年3月10日
_HAN = re.compile(r"[\u3400-\u9fff]")
_NARROW = re.compile(r"[!-~]|[^\W_\u2e80-\U0010ffff]")  # ASCII, and letters and digits like it
_COMMAND = "/"  # begins the place of a command
_Parts = tuple[tuple[str, str | None], ...]  # (what is printed, the fact that follows)


class CatalogueError(ValueError):
    """A catalogue has a msgid twice, or a placeholder that is not `{name}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A text of the catalogue: one form, or one for each plural of the language."""

    forms: tuple[str, ...]
    parts: tuple[_Parts, ...]
    plural: bool

    @property
    def facts(self) -> frozenset[str]:
        """The names of the placeholders in the text."""
        names = (name for form in self.parts for _, name in form if name is not None)
        return frozenset(name for name in names if not name.startswith(_COMMAND))


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """How commands are typed on a platform: the text before a command's name.

    Some platforms reserve names such as `/help`; closeloop's are then typed after a command of its
    own.
    """

    own: str = "/"
    process: str = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translator:
    """The texts of one language. Raises LookupError for an unknown msgid."""

    language: str
    messages: Mapping[str, Message]
    typed: Typed = Typed()

    def typing(self, typed: Typed | None) -> Translator:
        """Return the same texts, with commands as they are typed on a platform."""
        return self if typed is None else replace(self, typed=typed)

    def t(self, msgid: str, /, **facts: object) -> str:
        """Return the text of `msgid` with its facts filled in.

        Facts without a placeholder are ignored.
        """
        return _filled(msgid, self._message(msgid).parts[0], facts, self.typed)

    def n(self, msgid: str, count: int, /, **facts: object) -> str:
        """Return the plural form of `msgid` for `count`, which is also a fact of the text."""
        forms = self._message(msgid).parts
        form = 0 if len(forms) == 1 or count == 1 else 1
        return _filled(msgid, forms[form], {"count": count, **facts}, self.typed)

    def has(self, msgid: str) -> bool:
        """Return whether there is such a text."""
        return msgid in self.messages

    def texts(self, prefix: str) -> Mapping[str, str]:
        """Return all texts whose msgid begins with `prefix`, with unfilled placeholders.

        Texts with plural forms are left out.
        """
        return {
            msgid: message.forms[0]
            for msgid, message in self.messages.items()
            if msgid.startswith(prefix) and not message.plural
        }

    def _message(self, msgid: str) -> Message:
        message = self.messages.get(msgid)
        if message is None:
            raise LookupError(f"there is no text {msgid!r} in {self.language!r}")
        return message


def language_of_locale(locale: str, *, default: str = "") -> str:
    """Return the language of a locale such as zh-Hans; `default` if there are no texts in it."""
    language = locale[:2].lower()
    return language if language in LOCALES else default


@cache
def translator(language: str) -> Translator:
    """Return the texts of a language, "zh" or "en". Raises ValueError for any other."""
    if language not in LOCALES:
        raise ValueError(f"no language {language!r}: the product speaks {', '.join(LANGUAGES)}")
    messages = read_catalogues(_FOLDER / LOCALES[language])
    return Translator(language=language, messages=MappingProxyType(messages))


def read_catalogues(folder: Path) -> dict[str, Message]:
    """Return every translated text of the `*.po` files in a folder, by msgid.

    Raises CatalogueError for a malformed text.
    """
    messages: dict[str, Message] = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        for entry in catalogue:
            plural = not isinstance(entry.id, str)
            msgid = entry.id if isinstance(entry.id, str) else entry.id[0]
            text = entry.string or ""
            forms = (text,) if isinstance(text, str) else tuple(text)
            if not msgid or entry.fuzzy or not all(forms):
                continue
            if msgid in messages:
                raise CatalogueError(f"{path.name}: {msgid} is there already")
            parts = tuple(_parse(form, where=f"{path.name}: {msgid}") for form in forms)
            messages[msgid] = Message(forms=forms, parts=parts, plural=plural)
    return messages


def _parse(text: str, *, where: str) -> _Parts:
    parts: list[tuple[str, str | None]] = []
    try:
        for literal, name, spec, conversion in string.Formatter().parse(text):
            plain = name is None or name.removeprefix(_COMMAND).isidentifier()
            if spec or conversion or not plain:
                raise CatalogueError(f"{where}: a fact is written {{name}}, in {text!r}")
            parts.append((literal, name))
    except ValueError as problem:
        if isinstance(problem, CatalogueError):
            raise
        raise CatalogueError(f"{where}: {problem}, in {text!r}") from problem
    return tuple(parts)


def _filled(msgid: str, parts: _Parts, facts: Mapping[str, object], typed: Typed) -> str:
    out: list[str] = []
    fact = ""
    for literal, name in parts:
        out += _seam(literal[:1], fact[-1:], msgid), literal
        fact = ""
        if name is not None:
            if name.startswith(_COMMAND):
                fact = f"{typed.own}{name.removeprefix(_COMMAND)}"
            elif name in facts:
                fact = str(facts[name])
            else:
                raise LookupError(f"the text {msgid!r} needs the fact {name!r}")
            out += _seam(literal[-1:], fact[:1], msgid), fact
    return "".join(out)


def _seam(beside: str, edge: str, msgid: str) -> str:
    """Return the space, if any, between a character of the text and the fact beside it."""
    apart = _HAN.match(beside) and _NARROW.match(edge) and msgid not in _CLOSE
    return " " if apart else ""

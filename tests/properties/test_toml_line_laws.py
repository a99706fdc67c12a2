"""Laws of the line scanner: on any document it finds what `tomllib` finds, on the right lines."""

from __future__ import annotations

import json
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from workflows.toml_lines import locate

bare = st.from_regex(r"\A[A-Za-z0-9_-]{1,4}\Z")
words = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=6
)  # [ ] { } = # " and the like among them
keys = bare | words
scalars = st.one_of(
    st.integers(-9, 9), st.booleans(), st.floats(-1, 1), words, st.just("two\nlines")
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
documents = st.dictionaries(keys, values, max_size=5)


class Writer:
    """Writes a document in one of the many ways, and keeps the line of every path."""

    def __init__(self, draw):
        self.draw = draw
        self.text = ""
        self.lines = {}

    def say(self, text):
        self.text += text

    def mark(self, path):
        self.lines.setdefault(path, self.text.count("\n") + 1)

    def maybe(self, *choices):
        return self.draw(st.sampled_from(choices))

    def key(self, key):
        if key and all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in key):
            return self.say(key)
        if self.maybe(True, False) and "'" not in key:
            return self.say(f"'{key}'")
        return self.say(json.dumps(key, ensure_ascii=False))

    def scalar(self, value):
        if isinstance(value, str) and self.maybe(True, False) and "'" not in value:
            return self.say(f"'''{value}'''")
        if isinstance(value, str) and self.maybe(True, False):
            return self.say('"""\n' + json.dumps(value, ensure_ascii=False)[1:-1] + '"""')
        return self.say(json.dumps(value, ensure_ascii=False))

    def blank(self):
        self.say(self.maybe("", " ", "\n", " # ] } = \n", "\t\n\n"))

    def value(self, value, path):
        if isinstance(value, list):
            self.say("[")
            for index, item in enumerate(value):
                self.blank()
                self.mark((*path, index))
                self.value(item, (*path, index))
                self.blank()
                self.say("," if index < len(value) - 1 else self.maybe("", ","))
            self.blank()
            self.say("]")
        elif isinstance(value, dict):
            self.say("{")
            for index, (key, item) in enumerate(value.items()):
                self.say(", " if index else " ")
                self.pair(key, item, path)
            self.say("}")
        else:
            self.scalar(value)

    def pair(self, key, value, path):
        path = (*path, key)
        self.mark(path)
        self.key(key)
        while isinstance(value, dict) and len(value) == 1 and self.maybe(True, False):
            ((inner, value),) = value.items()
            path = (*path, inner)
            self.say(self.maybe(".", " . "))
            self.mark(path)
            self.key(inner)
        self.say(self.maybe(" = ", "="))
        self.value(value, path)

    def header(self, path, brackets):
        self.say(self.maybe("", "  ") + "[" * brackets)
        keys = [part for part in path if isinstance(part, str)]
        for index, key in enumerate(keys):
            self.say("." if index else "")
            self.key(key)
        self.say("]" * brackets + self.maybe("\n", " # [x]\n"))

    def table(self, table, path):
        later = {}
        for key, value in table.items():
            is_tables = isinstance(value, list) and value and all(type(v) is dict for v in value)
            if (isinstance(value, dict) or is_tables) and self.maybe(True, False):
                later[key] = value
            else:
                self.pair(key, value, path)
                self.say(self.maybe("\n", " # =\n", "\n\n"))
        for key, value in later.items():
            below = (*path, key)
            self.mark(below)
            if isinstance(value, dict):
                self.header(below, 1)
                self.table(value, below)
            else:
                for index, item in enumerate(value):
                    self.mark((*below, index))
                    self.header(below, 2)
                    self.table(item, (*below, index))


@given(documents, st.data())
def test_every_path_is_found_on_its_line(document, data):
    writer = Writer(data.draw)
    writer.table(document, ())
    assert tomllib.loads(writer.text) == document  # else the test is wrong
    assert locate(writer.text) == writer.lines


@given(st.text(alphabet="ab=.[]{},\"'#\\ \n1", max_size=60) | st.text(max_size=60))
def test_any_text_is_scanned_to_an_end(text):
    lines = locate(text)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


PIECES = r"""a b.c 1 = a=1 [a] [[a]] [b.a] [ ] { } , " ' \ # . 2020-01-01 07:32 +1e5 é"""
pieces = st.sampled_from([*PIECES.split(), '"""', "'''", "=", " ", "\n", "a=1\n", "\t", "\r\n"])


def paths_of(value, path=()):
    below = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in below:
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from paths_of(item, (*path, key))


@given(st.lists(pieces, max_size=12).map("".join))
def test_whatever_is_toml_is_scanned_whole(text):
    """Else something that is nested too deep could hide behind what the scanner cannot read."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(locate(text)) == set(paths_of(document))

"""A class may be renamed: its name is for errors and logs, and is never stored or answered."""

import ast

from tests.house import source

# Files that use the name of a class for more than telling what went wrong, and why they may.
EXCEPTIONS = {
    "handlers/rendering/render_pdf.py": "goes to the template, and no further than this process",
    "handlers/definition_keys.py": "finds the text about a key; a test asks for every text",
    "workflows/schema.py": "names parts of the schema, as pydantic does",
}


def test_the_name_of_a_class_is_only_told() -> None:
    found = {
        f"{source.name(path)}:{line}"
        for path in source.python_files(*source.FOLDERS)
        if source.name(path) not in EXCEPTIONS
        for line in _used(source.tree(path))
    }

    assert found == set(), "name it in a table: what is stored must not follow a class"


def _used(tree: ast.Module) -> set[int]:
    told = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise | ast.Assert)
        for inner in ast.walk(node)
    }
    return {
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"__name__", "__qualname__"}
        and id(node) not in told
        and not ast.unparse(node.value).startswith("type(error")
    }

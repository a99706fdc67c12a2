"""The page's own files fit together."""

import re

from bot.platforms.playground.assets import FOLDER

INDEX = (FOLDER / "index.html").read_text(encoding="utf-8")
LOADED = ("theme.js", "app.js")  # as scripts


def test_every_module_is_fetched_at_once_and_nothing_else() -> None:
    preloaded = re.findall(r'rel="modulepreload" href="/static/([^"]+)"', INDEX)
    modules = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js")}

    assert sorted(preloaded) == sorted(modules - set(LOADED))


def test_every_module_that_is_imported_is_there() -> None:
    for path in FOLDER.glob("*.js"):
        for name in re.findall(r'from "\./([^"]+)"', path.read_text(encoding="utf-8")):
            assert (FOLDER / name).is_file(), f"{path.name} imports {name}"


def test_what_is_imported_is_exported_and_used() -> None:
    for path in FOLDER.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        for names, module in re.findall(r'import \{([^}]+)\} from "\./([^"]+)"', text):
            source = (FOLDER / module).read_text(encoding="utf-8")
            for one in names.split(","):
                exported, _, local = one.strip().partition(" as ")
                if "vendor" not in module:
                    pattern = rf"export (?:async )?(?:const|function|class) {exported}\b"
                    assert re.search(pattern, source), f"{path.name}: {module} has no {exported}"
                used = len(re.findall(rf"\b{local or exported}\b", text))
                assert used > 1, f"{path.name} imports {exported} in vain"

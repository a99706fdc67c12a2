"""What changed since the version before, or since the version in force for a draft."""

from __future__ import annotations

from handlers.differences.document import differences_section
from handlers.rendering.model import DocumentSection
from handlers.specification.source import SpecificationSource


def changes_of(source: SpecificationSource) -> DocumentSection:
    """Return what changed; nothing for a first version."""
    before = source.before
    if before is None:
        return DocumentSection(title="", blocks=())
    title = source.words.t("spec.section.changes", version=before.version)
    return differences_section(before.definition, source.definition, source.form, title=title)

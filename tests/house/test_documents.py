"""Documents are found from the README, and what they link to is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
WRITTEN = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    page
    for folder in ("docs", "bench", "examples", "web/live")
    for page in (ROOT / folder).rglob("*.md")
    if "node_modules" not in page.parts and ".build" not in page.parts
)


def links_of(page: Path) -> set[Path]:
    """Give the files that a page links to."""
    return {(page.parent / link).resolve() for link in LINK.findall(page.read_text()) if "://" not in link}


def test_what_a_document_links_to_is_there():
    missing = {f"{page.relative_to(ROOT)}: {link}" for page in WRITTEN for link in links_of(page) if not link.exists()}
    assert missing == set()


def test_where_a_document_points_into_another_there_is_a_heading():
    lost = set()
    for page in WRITTEN:
        for link, anchor in re.findall(r"\]\(([^)#\s]*\.md)?#([^)]+)\)", page.read_text()):
            text = ((page.parent / link) if link else page).read_text()
            if anchor not in map(slug, re.findall(r"^#+ (.+)$", text, re.MULTILINE)):
                lost.add(f"{page.relative_to(ROOT)}: {link}#{anchor}")
    assert lost == set()


def slug(heading: str) -> str:
    """Give the anchor that a heading has."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def test_every_guide_stands_in_the_readme():
    assert set((ROOT / "docs/guides").glob("*.md")) <= links_of(ROOT / "README.md")


def test_every_decision_stands_in_their_list():
    pages = set((ROOT / "docs/decisions").glob("0*.md"))
    assert pages <= links_of(ROOT / "docs/decisions/README.md")
    numbers = [page.name[:4] for page in pages]
    assert len(numbers) == len(set(numbers))

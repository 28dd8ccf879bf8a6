"""The files that the program reads beside its code: migrations, and what the pages are made of.

In a checkout they stand at its root. An installed program has them within this package, where nothing else can be
taken for them, and where migrations can't be taken for the library `alembic`.
"""

from pathlib import Path

HERE = Path(__file__).resolve().parent
INSTALLED = HERE / "files"
ROOT = INSTALLED if INSTALLED.is_dir() else HERE.parent
MIGRATIONS = ROOT / "alembic"
PAGES = ROOT / "web" / "dist"

"""The demo's golfers: who they are, what they host, and what they do with each other."""

from datetime import UTC, datetime
from pathlib import Path

from demo.clubs import MAIN_ZONE
from demo.founding import found_clubs, midnight
from demo.golfers import meet
from demo.people import TENANT_ID
from demo.portraits import show_photos
from kit.pictures import PictureSize
from kit.postgres import EmbeddedPostgres
from providers.album import Album
from providers.storage import FolderStorage
from tests.demo.demos import opened

NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
FOUND = """
    SELECT (SELECT count(*) FROM golfers) AS golfers,
        (SELECT count(*) FROM hosted_tee_times WHERE starts_at > $1 AND status IN ('OPEN', 'FULL')) AS tee_times,
        (SELECT count(DISTINCT tee_time_id) FROM messages) > 3 AS they_write,
        (SELECT count(*) FROM golfer_ratings WHERE shown_at IS NOT NULL) > 6 AS they_rate,
        (SELECT count(*) FROM golfer_connections WHERE made_at IS NOT NULL) > 20 AS they_are_connected,
        (SELECT count(*) FROM golfer_connections WHERE made_at IS NULL) AS asked,
        (SELECT count(*) FROM golfer_blocks) AS blocks
"""
PHOTOS = "SELECT g.user_id, p.id FROM golfers g JOIN pictures p ON p.id = g.picture_id AND p.is_used ORDER BY g.user_id"
DOES = dict.fromkeys(("they_write", "they_rate", "they_are_connected"), True)


async def test_sixty_golfers_host_write_rate_and_know_each_other(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    album = Album(FolderStorage(tmp_path))
    async with opened(postgres, "demo_golfers") as demo:
        for _ in range(2):
            async with demo.work.change(TENANT_ID) as change:
                await found_clubs(change.session, now=NOW)
                await meet(change.session, now=midnight(NOW, MAIN_ZONE))
            await show_photos(demo.work, album, now=NOW)
        [found] = await demo.rows(FOUND, NOW)
        assert found == DOES | {"golfers": 60, "tee_times": 25, "asked": 1, "blocks": 1}
        photos = await demo.rows(PHOTOS)
        shown = [await album.find(row["id"], PictureSize.SMALL) for row in photos]
    assert len(photos) == 12
    assert all(shown)
    assert len(set(shown)) > 6, "they are not all alike"

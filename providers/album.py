"""Where prepared pictures are kept: the storage, by pictures and their sizes."""

import asyncio
from uuid import UUID

from kit.ids import public_id
from kit.pictures import PictureSize
from providers.pictures import MEDIA, Prepared
from providers.storage import Storage


class Album:
    """Keeps pictures. Everything here raises StorageUnavailable where it can't be done at the moment."""

    def __init__(self, storage: Storage) -> None:
        """Take what keeps files."""
        self._storage = storage

    async def keep(self, picture_id: UUID, picture: Prepared) -> None:
        """Keep a picture in all its sizes."""
        for size, content in picture.sizes.items():
            await self._storage.put(_key(picture_id, size), content, media=MEDIA)

    async def find(self, picture_id: UUID, size: PictureSize) -> bytes | None:
        """Give a picture in one size, if there is such a one."""
        return await self._storage.get(_key(picture_id, size))

    async def has(self, picture_id: UUID, size: PictureSize) -> bool:
        """Tell whether there is such a one."""
        return await self._storage.exists(_key(picture_id, size))

    async def remove(self, picture_id: UUID) -> None:
        """Remove a picture in all its sizes, as far as there are any."""
        await asyncio.gather(*(self._storage.delete(_key(picture_id, size)) for size in PictureSize))


def _key(picture_id: UUID, size: PictureSize) -> str:
    return f"{public_id('picture', picture_id)}/{size.value}.jpg"

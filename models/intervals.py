"""When work that is done once in an interval was done last."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class LastRun(Base):
    """The last time that a piece of regular work was begun and came to its end. It is no tenant's."""

    __tablename__ = "last_runs"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    began_at: Mapped[datetime]

"""Sites that may show the widget: a key each, and the exact list of its origins."""

from sqlalchemy import JSON, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from api.store.base import Base


class Site(Base):
    """One site. The key is no secret (it stands in the page): it names the site, the origin proves it."""

    __tablename__ = "sites"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    origins: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool]


def add(session: AsyncSession, key: str, name: str, origins: list[str]) -> None:
    """A new site."""
    session.add(Site(key=key, name=name, origins=origins, active=True))


async def active(session: AsyncSession) -> list[Site]:
    """All sites that may show the widget."""
    return list(await session.scalars(select(Site).where(Site.active).order_by(Site.name)))


async def find(session: AsyncSession, key: str) -> Site | None:
    """The active site with this key, or None."""
    site = await session.get(Site, key)
    return site if site is not None and site.active else None


async def remove(session: AsyncSession, key: str) -> bool:
    """From now on the site's pages are refused; False when there is no such site."""
    site = await find(session, key)
    if site is None:
        return False
    site.active = False
    return True

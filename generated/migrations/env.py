"""Where Alembic finds the tables and the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from petsage_api import features  # noqa: F401 - imports the tables of all features
from petsage_api.core import columns
from petsage_api.core.db import Base, make_engine
from petsage_api.core.settings import Settings


def render_item(_kind: str, item: Any, _autogenerate: object) -> str | Literal[False]:  # noqa: ANN401
    """Types as the database has them: a migration must not import the application."""
    match item:
        case columns.UTCDateTime():
            return "sa.DateTime(timezone=True)"
        case columns.Duration():
            return "sa.BigInteger()"
        case columns.ExactNumeric():
            exact = f"sa.Numeric({item.precision}, {item.scale})"
            return f'{exact}.with_variant(sa.BigInteger(), "sqlite")'
    return False


@contextmanager
def unguarded(connection: sa.Connection) -> Iterator[None]:
    """SQLite makes a table anew to change it: dropping the old one must not touch its children."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.cursor()  # in a transaction, the pragma would do nothing
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def need_whole(connection: sa.Connection) -> None:
    """Fail, so that nothing is changed, if rows refer to others that are not there."""
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        tables = sorted({f"{row[0]} to {row[2]}" for row in orphans})
        if tables:
            raise RuntimeError(f"References to rows that are not there: {', '.join(tables)}.")


def run_migrations(engine: sa.Engine) -> None:
    """All of them or none: SQLite, too, changes tables in a transaction."""
    with (
        engine.execution_options(writes=True).connect() as connection,
        unguarded(connection),
    ):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transactional_ddl=True,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
            need_whole(connection)


def main() -> None:
    """Migrate the engine that a caller has given, or the database of the settings."""
    if engine := context.config.attributes.get("engine"):
        run_migrations(engine)
        return
    engine = make_engine(Settings().database_url.get_secret_value(), pool_size=1)
    run_migrations(engine)
    engine.dispose()


main()

"""Instants as whole seconds since 1970, counted by the database."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class epoch_second(FunctionElement[int]):  # noqa: N801 - reads like an SQL function
    """The whole seconds from 1970 to an instant; fractions are cut."""

    type = BigInteger()
    inherit_cache = True


@compiles(epoch_second, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return (
        f"CAST(floor(EXTRACT(epoch FROM {compiler.process(element.clauses, **options)})) AS BIGINT)"
    )


@compiles(epoch_second, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"unixepoch({compiler.process(element.clauses, **options)})"

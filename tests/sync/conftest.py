"""Databases for every test of the second floor."""

from tests.support.databases import any_engine, empty_engine, postgres_engine, sqlite_engine

__all__ = ["any_engine", "empty_engine", "postgres_engine", "sqlite_engine"]

"""Fixtures for the tests of the sandbox."""

from tests.support.sandbox import desk, receiver

__all__ = ["desk", "receiver"]

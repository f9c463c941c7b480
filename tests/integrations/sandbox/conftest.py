"""Fixtures for the tests of the sandbox."""

from tests.support.sandbox import desk, receiver
from tests.support.zenpy import zenpy

__all__ = ["desk", "receiver", "zenpy"]

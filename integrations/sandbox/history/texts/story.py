"""What one kind of complaint is: who owns it, how urgent it is, and what customers write."""

from dataclasses import dataclass

Told = tuple[str, str]  # subject, text


@dataclass(frozen=True, slots=True)
class Story:
    """One reason to write to the desk, in both languages; `weight` says how usual it is."""

    reason: str
    queue: str
    priority: str
    weight: int
    english: Told
    chinese: Told

"""Tags as records keep them."""

from typing import Any


def clean_tags(tags: Any) -> list[str]:
    """Return tags as Zendesk keeps them: lower case, without spaces, sorted, each once."""
    words = tags.split() if isinstance(tags, str) else tags
    if not isinstance(words, list):
        return []
    return sorted({"_".join(str(word).lower().split()) for word in words} - {""})

"""Width and height of a picture, read from the first bytes of its file."""

import struct

PNG, GIF, JPEG = b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a"), b"\xff\xd8"
PNG_HEAD, GIF_HEAD, MARKER = 24, 10, 4
FRAMES = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)))

Size = tuple[int, int] | tuple[None, None]


def size_of(content: bytes) -> Size:
    """Return (width, height) of a PNG, GIF or JPEG; (None, None) for any other file."""
    if content.startswith(PNG) and len(content) >= PNG_HEAD:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    if content.startswith(GIF) and len(content) >= GIF_HEAD:
        width, height = struct.unpack("<HH", content[6:10])
        return int(width), int(height)
    return _jpeg(content) if content.startswith(JPEG) else (None, None)


def _jpeg(content: bytes) -> Size:
    """Walk from marker to marker until a frame tells its size."""
    place = len(JPEG)
    while place + MARKER <= len(content) and content[place] == 0xFF:  # noqa: PLR2004 - a marker
        kind, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if kind in FRAMES and place + 9 <= len(content):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return int(width), int(height)
        place += 2 + max(length, 2)
    return None, None

"""What is mirrored: one entry of plain facts a stream."""

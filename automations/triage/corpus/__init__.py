"""The texts that the shipped model learns from: hand-written ones and composed ones."""

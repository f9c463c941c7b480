"""Finds secrets in what people write and takes them out before anything is stored."""

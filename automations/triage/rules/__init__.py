"""Written rules: what risk people know about complaints, matched in one pass over the text."""

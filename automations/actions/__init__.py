"""Effects on Zendesk as rows: planned once, carried out exactly once, retried visibly."""

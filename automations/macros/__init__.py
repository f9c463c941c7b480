"""Reply drafts from template files."""

"""What happens to a ticket beside its fields: files, redaction, merging, people, the bin."""

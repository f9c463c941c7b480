"""The search of the account: its language, and what each keyword means for each kind of record."""

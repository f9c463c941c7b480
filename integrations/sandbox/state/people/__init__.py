"""The people of the account: how they come, change, belong, merge and leave."""

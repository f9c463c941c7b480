"""Pages for people: what is in the sandbox and what happens in it."""

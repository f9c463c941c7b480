"""What the sandbox remembers and the rules by which it changes; knows nothing of HTTP."""

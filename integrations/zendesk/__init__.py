"""The Zendesk client: one session with auth, budgets and retries; single objects and raw pages."""

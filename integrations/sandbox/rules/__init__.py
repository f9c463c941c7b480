"""Business rules: conditions, actions, triggers, automations, views and the texts they send."""

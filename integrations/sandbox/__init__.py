"""A local Zendesk to develop, demonstrate and test against."""

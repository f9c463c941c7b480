"""Liquid: the language in which rules, macros and webhooks write texts with placeholders."""

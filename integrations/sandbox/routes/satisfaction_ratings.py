"""Satisfaction ratings: what customers said about the help they got."""

from integrations.sandbox.routes.records import Resource

RESOURCE = Resource(
    plural="satisfaction_ratings",
    singular="satisfaction_rating",
    path="satisfaction_ratings",
    store=lambda call: call.account.satisfaction_ratings,
    verbs=("index", "show"),
)
ROUTES = RESOURCE.routes()

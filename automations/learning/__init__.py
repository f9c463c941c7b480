"""Learns from what the desk itself decided: labels, candidates, promotion, drift."""

"""From the text of a complaint to family, reason, severity and the words that decided."""

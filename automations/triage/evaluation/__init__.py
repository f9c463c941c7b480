"""How right triage is: labels that people gave against what it says."""

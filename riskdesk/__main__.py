"""`python -m riskdesk`: the same as the `riskdesk` command."""

from riskdesk.commands import main

main()

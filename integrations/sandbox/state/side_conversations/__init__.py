"""Side conversations: talks beside a ticket by e-mail, in Slack or Teams, or as a child ticket."""

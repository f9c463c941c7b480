"""Where the mirror's pages come from: Zendesk's exports, or its lists for accounts without them."""

"""A linear model over word and character n-grams for any labels: small, fast, explainable."""

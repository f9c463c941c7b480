"""The life of one ticket with its clocks, as a picture and in the terminal."""

"""Room of `lists/`: what readers see, composed from entries and facts, and put in place."""

"""Room of `editorial/`: what people said, from a decision line to the entries and the queue of a list."""

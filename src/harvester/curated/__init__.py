"""Room: what follows from both logs; owns `data/curated`."""

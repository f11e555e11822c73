"""Six documents from a reading: what follows from the brief, what was assumed, what has to be asked."""

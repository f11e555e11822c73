"""The author who needs no model: what can be derived from the brief by rule."""

"""A brief understood before anybody designs: what each passage is, what is wrong with it, and what the plan takes as given."""

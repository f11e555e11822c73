"""The commands, group by group: what each takes, and whom it calls; none decides anything.

Each module has ``add(commands, place)``, which declares its commands and names for each the function that does it.
"""

"""Pure functions behind every figure: no Django, no database, no clock."""

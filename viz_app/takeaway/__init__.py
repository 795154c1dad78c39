"""Write what leaves NetStep as numbers or code: scripts, archives of values, tables. No Qt."""

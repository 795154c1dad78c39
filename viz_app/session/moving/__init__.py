"""Go through a run: step, play, fold, come back to bookmarks, choose how a place is viewed."""

"""Search the steps by name, and list the bookmarks."""

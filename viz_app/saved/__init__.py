"""Write whole sessions into files, and read them back, checked: nothing in such a file is ever executed. No Qt."""

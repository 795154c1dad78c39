"""What menus and keys can do, and what each does."""

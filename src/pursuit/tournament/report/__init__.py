"""What a tournament has shown, as tables, and those as text, JSON, CSV, Markdown and a page."""

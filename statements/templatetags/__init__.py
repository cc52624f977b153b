"""Template tags of the room of what was said."""

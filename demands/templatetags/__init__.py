"""Template tags of the room of what was asked: they also bring demands to other rooms' pages."""

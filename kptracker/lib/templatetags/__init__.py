"""Template tags that know neither statements nor demands."""

"""What was asked and what became of it: themes, demands, mentions, assessments."""

"""The picture that stands beside a link to a page of the record, wherever it is shared."""

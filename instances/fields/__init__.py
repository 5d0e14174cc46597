"""Tables of fields: from one table a file format is read, written, described and published."""

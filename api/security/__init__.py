"""Who asks, for which mill, and what that client may do."""

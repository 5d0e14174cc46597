"""The service's promises, kept while it is killed, stopped, starved and misled."""

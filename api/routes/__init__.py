"""The routes: thin functions from a request to the store or the planner and back."""

"""The command ``antmill``: one module a command; what is heavy loads when a command runs."""

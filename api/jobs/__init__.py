"""Jobs: their states, the workers that run them, and the supervisor that rescues them."""

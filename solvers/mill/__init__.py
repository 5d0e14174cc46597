"""What the planner's rule and the mill colony share: blocks of orders, and their decoding."""

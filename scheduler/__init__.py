"""The domain: problems, solutions, and the one evaluator that scores them."""

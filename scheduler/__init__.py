"""The domain: problems, solutions, and the one evaluator that scores them."""

from scheduler import sequence_evaluation as sequence_evaluation

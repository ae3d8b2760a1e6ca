"""Exercises of the notebook alternating_training."""

EXERCISES = []

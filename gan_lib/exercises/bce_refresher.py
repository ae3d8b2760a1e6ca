"""Exercises of the notebook bce_refresher."""

EXERCISES = []

"""Exercises of the notebook generator."""

EXERCISES = []

"""Exercises of the notebook discriminator."""

EXERCISES = []

"""Exercises of the notebook latent_interpolation."""

EXERCISES = []

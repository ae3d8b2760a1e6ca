"""Answers to the exercises of the notebook latent_interpolation."""

RIGHT = {}

WRONG = {}

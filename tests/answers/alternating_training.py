"""Answers to the exercises of the notebook alternating_training."""

RIGHT = {}

WRONG = {}

"""Answers to the exercises of the notebook bce_refresher."""

RIGHT = {}

WRONG = {}

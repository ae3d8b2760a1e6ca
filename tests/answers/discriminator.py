"""Answers to the exercises of the notebook discriminator."""

RIGHT = {}

WRONG = {}

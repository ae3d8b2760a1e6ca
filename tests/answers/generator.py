"""Answers to the exercises of the notebook generator."""

RIGHT = {}

WRONG = {}

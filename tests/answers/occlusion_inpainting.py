"""Answers to the exercises of the notebook occlusion_inpainting."""

RIGHT = {}

WRONG = {}

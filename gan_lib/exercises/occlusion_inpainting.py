"""Exercises of the notebook occlusion_inpainting."""

EXERCISES = []

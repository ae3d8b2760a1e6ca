"""Exercises of the notebook talking_heads: on heads that move, and on fakes and people."""

from gan_lib.exercises.talking_heads import heads, people

EXERCISES = [*heads.EXERCISES, *people.EXERCISES]

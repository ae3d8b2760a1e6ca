"""Interactive tools, one file each: a widget answers one question.

Every tool can be driven without a browser: set its sliders, call its methods, read `array()`.
"""

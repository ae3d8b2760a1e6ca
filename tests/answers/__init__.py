"""The bank of answers: what students write, right and wrong; one file for each notebook.

`RIGHT[exercise]` is {what is special about it: source}, `WRONG[exercise]` is
{the mistake: (source, words that the verdict must hold)}.
"""

"""The words of a study: from the tables of its folder to facts, sentences, captions and methods, in two languages.

Tables hold numbers; `facts` takes from them what the text says, unrounded; `sentences`, `captions` and `methods` say
it.
No formula of a method is computed here, and no number is written that is not among the facts.
"""

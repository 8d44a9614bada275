"""Where words stand in a text, in any script, letter case and Unicode form: `find_words`, in the original's characters.

Imports nothing else of stancelab.
"""

from stancelab.mentions.search import find_words, is_whole, same_words

__all__ = ["find_words", "is_whole", "same_words"]

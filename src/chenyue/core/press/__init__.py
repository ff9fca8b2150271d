"""The press: what makes papers, run as a process of its own (`python -m chenyue.core.press`); see `core.papers`.

Nothing here knows Django: the process starts in a tenth of a second, and its memory goes when it ends.
"""

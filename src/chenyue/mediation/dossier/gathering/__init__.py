"""What the papers of a dossier say, gathered from rows. Papers read Chinese, whoever asks for them.

Nothing here knows of what a party said behind closed doors: those rows have a door of their own
(`mediation.sealing`), and a rule of the house sees to it that this folder never opens it.
"""

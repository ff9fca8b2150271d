"""Mediation: from quarrel to performed agreement, with the dossier that the law asks for."""

"""The dossier (卷宗): its documents as data, filled from rows, as Word and as one page-numbered PDF."""

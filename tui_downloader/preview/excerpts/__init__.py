"""What can be read of files that are no pictures: one module a kind, and the registry that finds it.

Owns nothing itself. Must only be used inside the decode child: archives and texts are as hostile as pictures.
"""

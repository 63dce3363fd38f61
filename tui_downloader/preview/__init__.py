"""File → picture: what a file is, its decoded raster, and that raster as text cells.

Owns nothing itself; import the modules: `media_type` (kind by content), `facts` (words about any file), `decode`
(the picture, decoded in a child process), `cells` (the picture as coloured text). Must never import Textual or
Rich, and must never load Pillow outside the child process.
"""

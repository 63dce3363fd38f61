"""What a download is: frozen values and pure rules, no I/O, no clocks.

Must never import anything but `errors`, `units`, `paths` and `settings`.
"""

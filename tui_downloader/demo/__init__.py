"""The demonstration: pictures drawn by program, and a small slow server on loopback that hands them out.

Owns everything that `tuidl demo` needs on the far side of the wire. Must never import another part of
this package than its errors, and must never listen on anything but 127.0.0.1.
"""

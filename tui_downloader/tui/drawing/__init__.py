"""Pictures in pixels, where the terminal can: what is sent, and where it stands.

Owns one module per way (`kitty`, `inline`), the canvas that knows the terminal, and the layer that keeps pictures
where their widget is. Must never decode, and never write past the driver.
"""

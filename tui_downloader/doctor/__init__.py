"""What is right and wrong around tuidl: facts are collected at one border, checks are pure functions of them.

Must never change anything.
"""

"""What both sides of Kierto agree on: messages, money, rules, member codes, error codes.

Pure: no input, no output, no clock. Imports pydantic and the standard library only.
"""

"""Custom actions of the bot: each a thin translation tracker → one call into :mod:`policies_kb` → one message.

``slots`` is the only place that reads and writes slots, ``reply`` the only one that sends.
"""

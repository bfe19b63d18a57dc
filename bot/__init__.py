"""Rasa 3.6.21 on its own Python 3.10: domain, rules, NLU components, training and the loopback server."""

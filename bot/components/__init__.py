"""NLU components of ours: one thing each, all of them thin callers of :mod:`policies_kb`."""

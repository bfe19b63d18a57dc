"""A platform of our own making: it sends to a running gateway what WeChat would, so that all can be rehearsed."""

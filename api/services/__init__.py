"""What the routers have done, without HTTP."""

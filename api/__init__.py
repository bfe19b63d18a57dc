"""Gateway of WenBu (FastAPI) and its `wenbu` command; nothing else imports this package."""

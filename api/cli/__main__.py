"""`python -m api.cli`, the same as `wenbu`."""

from api.cli import app

app(prog_name="wenbu")

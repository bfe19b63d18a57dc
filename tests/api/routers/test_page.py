"""The page and its files."""

import re

import pytest


async def test_the_page_is_served_at_the_root(client):
    answer = await client.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("page", ["/", "/docs"])
async def test_a_page_asks_for_its_own_files_only_and_has_none_inline(client, page):
    html = (await client.get(page)).text
    for address in re.findall(r'(?:src|href)="([^"]+)"', html):
        assert address.startswith(("/static/", "data:", "/openapi.json"))
        if address.startswith("/"):
            assert (await client.get(address)).status_code == 200
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|style=", html)


@pytest.mark.parametrize("name", ["index.html", "secret", "..%2Fpyproject.toml", "package.json"])
async def test_nothing_else_of_the_folder_is_served(client, name):
    assert (await client.get(f"/static/{name}")).status_code == 404

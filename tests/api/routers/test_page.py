"""The pages, the widget's script, and how browsers keep them."""

import gzip
import re

import pytest


@pytest.fixture
def settings(settings, tmp_path):
    """With a folder of pages in which the scripts are built, whether or not they are on this machine."""
    web = tmp_path / "web"
    (web / "dist").mkdir(parents=True)
    for file in settings.web_dir.iterdir():
        if file.suffix in (".html", ".css", ".js", ".json"):
            (web / file.name).write_bytes(file.read_bytes())
    (web / "dist" / "widget.js").write_text("// the widget\n" * 100)
    (web / "dist" / "widget.css").write_text(":host { display: block }\n")
    (web / "dist" / "print.js").write_text("// the printed page\n")
    settings.web_dir = web
    return settings


@pytest.mark.parametrize("page", ["/", "/embed", "/print", "/docs"])
async def test_a_page_asks_for_its_own_files_only_and_has_none_inline(client, page):
    answer = await client.get(page)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["permissions-policy"] == "geolocation=(), camera=(), microphone=(self)", "说 needs it"
    html = re.sub(r"<pre.*?</pre>", "", answer.text, flags=re.S)
    for address in re.findall(r'(?:src|href)="([^"]+)"', html):
        assert address.startswith(("/static/", "data:", "/openapi.json", "/widget.js")) or address == "/"
        if address.startswith("/"):
            assert (await client.get(address)).status_code == 200
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|style=", html)


async def test_the_widget_may_be_loaded_by_any_page(client):
    answer = await client.get("/widget.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    styles = await client.get("/widget.css")
    assert styles.headers["content-type"].startswith("text/css")
    assert styles.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "cross-origin-resource-policy" not in (await client.get("/static/print.js")).headers


@pytest.mark.parametrize("path", ["/", "/widget.js", "/static/page.css"])
async def test_what_the_browser_has_already_is_not_sent_again(client, path):
    first = await client.get(path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache", "it asks each time: a new version is there at once"
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = await client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_changed_file_is_a_new_one(client, settings):
    old = (await client.get("/widget.js")).headers["etag"]
    (settings.web_dir / "dist" / "widget.js").write_text("// another\n")
    answer = await client.get("/widget.js", headers={"If-None-Match": old})
    assert (answer.status_code, answer.text) == (200, "// another\n")


async def test_scripts_travel_compressed_where_the_browser_can_read_that(client):
    async with client.stream("GET", "/widget.js", headers={"Accept-Encoding": "gzip, br"}) as answer:
        sent = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(sent).startswith(b"// the widget")
    plain = await client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding"


async def test_scripts_that_are_not_built_are_explained(client, settings):
    (settings.web_dir / "dist" / "widget.js").unlink()
    answer = await client.get("/widget.js")
    assert answer.status_code == 503
    assert "make web" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["index.html", "secret", "..%2Fpyproject.toml", "package.json", "widget.js"])
async def test_nothing_else_of_the_folder_is_served(client, name):
    assert (await client.get(f"/static/{name}")).status_code == 404

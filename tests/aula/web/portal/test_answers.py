"""What holds for every answer: headers, cookies, sizes, limits, and words where the database is away."""

import re

import pytest
import requests

from aula.people.tables import CourseRun
from tests.aula.web.portal.conftest import Class
from tests.aula.web.portal.dump import dump
from tests.aula.web.portal.running import PORTAL_TOKEN, running


def test_an_address_cannot_be_invented(school: Class) -> None:
    """What a browser claims about its address does not help it to guess more: the nearest proxy's word counts."""
    for number in range(60):
        claimed = {"X-Forwarded-For": f"198.51.100.{number}, 192.0.2.7, 127.0.0.1", "X-Real-Ip": f"203.0.113.{number}"}
        school.portal.ask("GET", f"/join/WRONG{number}", headers=claimed)
    claimed = {"X-Forwarded-For": "198.51.100.200, 192.0.2.7", "X-Real-Ip": "203.0.113.200"}
    assert school.portal.ask("GET", "/join/WRONG", headers=claimed).status_code == 429


def test_the_version_is_for_the_machine_only(school: Class) -> None:
    """The keeper reads it with the portal's token; through the proxy, or with a person's token, nobody does."""
    mine = {"Authorization": f"token {PORTAL_TOKEN}"}
    first = school.portal.ask("GET", "/version", headers=mine)
    assert first.status_code == 200
    school.portal.ask("POST", "/settings", "ana", data={"language": "es", "time_zone": "UTC"})
    assert int(school.portal.ask("GET", "/version", headers=mine).text) == int(first.text) + 1
    for headers in ({**mine, "X-Forwarded-For": "127.0.0.1"}, {"Authorization": "token x"}, {}):
        assert school.portal.ask("GET", "/version", headers=headers).status_code == 403


@pytest.mark.parametrize("path", ["/join", "/nowhere", "/static/tokens.css", "/oauth_callback?error=x", "/version", ""])
def test_every_answer_has_safe_headers(school: Class, path: str) -> None:
    """Nothing inline, nothing from elsewhere, no frame, no address given away, on errors too."""
    answer = school.portal.ask("GET", path)
    if path:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in answer.headers or path == ""


def test_cookies_are_closed(school: Class) -> None:
    """No script reads a cookie of the portal, no other site's post brings one, and over HTTPS they stay there."""
    with running(school.database, public_url="https://aula.example/") as portal:
        first = portal.ask("GET", "/join")
        code = school.people.codes["hpc-lisbon"]
        signing_in = portal.ask("GET", "/settings")
        cookies = [value for answer in (first, signing_in) for value in answer.raw.headers.getlist("Set-Cookie")]
        mark = {"_xsrf": next(one.value or "" for one in first.cookies if one.name == "_xsrf")}
        for path, form in ((f"/join/{code}/sign-in", {}), ("/language", {"language": "es"})):
            answer = requests.post(
                portal.url(path),
                data={**form, **mark},
                headers={"Cookie": f"_xsrf={mark['_xsrf']}"},
                timeout=30,
                allow_redirects=False,
            )
            assert answer.status_code == 303
            cookies += answer.raw.headers.getlist("Set-Cookie")
    assert len(cookies) == 4
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "Secure" in cookie
        assert "SameSite=Lax" in cookie


def test_every_page_is_small(school: Class) -> None:
    """A page with all that it loads is under 100 KB."""
    for who, path in (("ana", "/"), ("ines", "/runs/hpc-lisbon"), ("ana", "/settings"), ("olga", "/runs")):
        page = school.portal.ask("GET", path, who).text
        loaded = re.findall(r'(?:href|src)="(/services/portal/static/[^"]+)"', page)
        assert len(loaded) == 4
        files = [requests.get(f"{school.portal.address}{one}", timeout=30) for one in loaded]
        assert all(file.ok and "max-age" in file.headers["Cache-Control"] for file in files)
        assert len(page.encode()) + sum(len(file.content) for file in files) < 100_000


def test_too_much_is_refused(school: Class) -> None:
    """A body of a megabyte is cut off, and the portal goes on."""
    try:
        answer = school.portal.ask("POST", "/join", "ana", data={"code": "A" * 1_000_000})
        assert answer.status_code == 400
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        pass  # cut off before all was sent
    assert school.portal.ask("GET", "/", "ana").ok


def test_a_database_that_is_away_is_told_in_words(school: Class) -> None:
    """Where the database is not of this version the page says so without detail, and offers to try again."""
    with school.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    school.database._current = False
    answer = school.portal.ask("GET", "/", "ana")
    assert answer.status_code == 503
    assert ">Try again</a>" in answer.text
    assert "Traceback" not in answer.text
    assert "sqlite" not in answer.text


def test_openapi_declares_what_there_is(school: Class) -> None:
    """The document has each page with its methods and fields."""
    document = school.portal.ask("GET", "/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    made = document["paths"]["/runs/{run}/invitation"]["post"]["requestBody"]["content"]
    form = made["application/x-www-form-urlencoded"]["schema"]
    assert form["properties"]["uses"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 1000,
        "description": "For how many people",
    }
    assert form["required"] == ["role", "uses", "days"]
    assert set(document["paths"]["/join"]) == {"get", "post"}


def test_runs_are_read_only_by_the_page(school: Class) -> None:
    """Opening pages leaves the database as it was."""
    before = dump(school.database)
    for path in ("/", "/runs", "/runs/hpc-lisbon", "/settings", "/join"):
        school.portal.ask("GET", path, "olga")
    assert dump(school.database) == before
    assert CourseRun.__tablename__ in before

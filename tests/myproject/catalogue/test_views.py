"""Test pages that are read from files.

Use ``AsyncClient`` and look at what the visitor sees. The trap is rendering in the coroutine: a
template is a file too, so the view renders in a thread. Nothing here may need the database: without
``django_db``, a page that asks it fails its test.
"""

import re
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.http import Http404
from django.test import AsyncClient, RequestFactory
from pytest_mock import MockerFixture

from myproject.catalogue.catalogue import Catalogue, get_catalogue
from myproject.catalogue.views import render_pattern


async def page(async_client: AsyncClient, address: str) -> str:
    response = await async_client.get(address)
    assert response.status_code == 200
    return response.content.decode()


async def test_the_list_shows_every_pattern(async_client: AsyncClient) -> None:
    shown = re.findall(r'href="/patterns/([^"]+)/"', await page(async_client, "/patterns/"))

    assert shown == [pattern.slug for pattern in get_catalogue().patterns]


async def test_a_pattern_of_each_group_has_a_page(async_client: AsyncClient) -> None:
    catalogue = await sync_to_async(get_catalogue)()
    slugs = {pattern.group: pattern.slug for pattern in catalogue.patterns}

    pages = [await async_client.get(f"/patterns/{slug}/") for slug in slugs.values()]

    assert {page.status_code for page in pages} == {200}


async def test_a_search_shows_the_best_first(async_client: AsyncClient) -> None:
    html = await page(async_client, "/patterns/?q=async+view+unknown+id+is+not+found")

    shown = re.findall(r'<li><a href="/patterns/([^/]+)/', html)
    assert shown[0] in {"users-views", "troubleshooting-does-not-exist"}
    total = len(get_catalogue().patterns)
    assert len(shown) < total / 2
    assert f"{len(shown)} of {total} patterns, the best first" in html


async def test_a_search_for_a_message_with_several_causes_tells_them_apart(
    async_client: AsyncClient,
) -> None:
    html = await page(async_client, "/patterns/?q=Order.DoesNotExist")

    causes, _, near = html.partition("<h2>Near it</h2>")
    assert "<h2>One message, 2 causes: which is yours?</h2>" in causes
    assert "It is this if a sync fixture made the row" in causes
    assert "It is this if" not in near


async def test_a_search_that_finds_nothing_says_so(async_client: AsyncClient) -> None:
    html = await page(async_client, "/patterns/?q=%3C12%3E")

    assert "No pattern has any of these words." in html


@pytest.fixture
def no_tests_folder(mocker: MockerFixture, tmp_path: Path) -> None:
    """Run without the tests, as after a deployment that leaves them out."""
    mocker.patch("myproject.catalogue.views.get_catalogue", return_value=Catalogue(tmp_path))


@pytest.mark.usefixtures("no_tests_folder")
async def test_without_tests_the_list_says_what_is_missing(async_client: AsyncClient) -> None:
    html = await page(async_client, "/patterns/")

    assert "There is no <code>tests</code> folder beside this server" in html


async def test_a_pattern_s_page_shows_one_test_then_the_others_and_the_files(
    async_client: AsyncClient,
) -> None:
    html = await page(async_client, "/patterns/users-views/")

    first, _, folded = html.partition("more tests</h2>")
    assert "The smallest test: the list is empty when there is nobody" in first
    assert '<pre id="test_the_list_is_empty_when_there_is_nobody"' in first
    assert '<pre id="users/views.py"' in first
    assert '<pre id="test_the_detail_shows_one_person"' in folded
    assert '<pre id="test_an_unknown_id_is_not_found"' in folded
    assert folded.count('<pre id="test_') == int(first.rsplit("<h2>", 1)[1])
    assert '<pre id="tests/users/test_views.py"' in folded
    assert "uv run pytest tests/users/test_views.py" in html


async def test_a_pattern_s_page_shows_what_a_new_project_needs(async_client: AsyncClient) -> None:
    html = await page(async_client, "/patterns/users-views/")

    assert "uv run manage.py patterns users-views --copy-to DIR" in html
    assert '<pre id="step-1"' in html
    assert "DJANGO_SETTINGS_MODULE = config.settings" in html


async def test_what_is_about_this_repository_is_only_read(async_client: AsyncClient) -> None:
    html = await page(async_client, "/patterns/readme/")

    assert 'id="copy-command"' not in html
    assert "This is about this repository: read it here." in html


async def test_an_error_is_shown_beside_its_cure(async_client: AsyncClient) -> None:
    html = await page(async_client, "/patterns/troubleshooting-force-login/")

    wrong, _, right = html.partition("<h2>Right: ")
    assert "<h2>Wrong: force login raises in a coroutine</h2>" in wrong
    assert '<pre id="test_force_login_raises_in_a_coroutine"' in wrong
    assert right.startswith("aforce login logs in</h2>")
    assert "1 more test</h2>" in right
    assert "The smallest test" not in html


async def test_a_cause_names_the_others_of_its_message(async_client: AsyncClient) -> None:
    html = await page(async_client, "/patterns/troubleshooting-invisible-row/")

    assert 'The same message has <a href="#same">1 other cause</a>.' in html
    assert '<a href="/patterns/troubleshooting-does-not-exist/">' in html
    assert "It is this if nobody made the row" in html


async def test_a_message_with_one_cause_names_no_others(async_client: AsyncClient) -> None:
    assert "same message" not in await page(async_client, "/patterns/troubleshooting-group-name/")


async def test_a_single_test_that_shows_error_and_cure_is_not_called_wrong(
    async_client: AsyncClient,
) -> None:
    html = await page(async_client, "/patterns/troubleshooting-asgi-import-order/")

    assert "The smallest test: consumers with models" in html
    assert "Wrong" not in html


async def test_an_unknown_pattern_is_not_found_and_the_nearest_suggested(
    async_client: AsyncClient,
) -> None:
    response = await async_client.get("/patterns/users-veiws/")

    assert response.status_code == 404
    assert "Did you mean users-views" in response.content.decode()


def test_the_nearest_is_suggested_without_a_traceback(rf: RequestFactory) -> None:
    with pytest.raises(Http404, match="Did you mean users-views") as raised:
        render_pattern(rf.get("/"), "users-veiws")

    assert raised.value.__suppress_context__


def test_a_catalogue_that_cannot_be_read_is_no_unknown_pattern(
    rf: RequestFactory, mocker: MockerFixture
) -> None:
    mocker.patch("myproject.catalogue.views.get_catalogue", side_effect=MemoryError)

    with pytest.raises(MemoryError):
        render_pattern(rf.get("/"), "users-views")


@pytest.mark.parametrize("address", ["/patterns/", "/patterns/users-views/"])
async def test_a_page_is_only_read(async_client: AsyncClient, address: str) -> None:
    assert (await async_client.post(address)).status_code == 405

"""Test which services the settings choose, and what they ask of them.

Make the service from its setting and use it: a misspelt key is no error in a dictionary, and it is
one to who is given it. The trap is a test that compares the dictionary with a copy of itself.
Code: myproject/settings.py
"""

import io
from pathlib import Path
from typing import Any

import django
import pytest
from channels.layers import BaseChannelLayer, ChannelLayerManager
from channels_redis.pubsub import RedisPubSubLoopLayer
from channels_redis.utils import create_pool
from django.core.cache import CacheHandler
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.core.files.base import ContentFile
from django.core.files.storage.handler import StorageHandler
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils.module_loading import import_string
from pytest_django import Settings
from pytest_mock import MockerFixture

from tests.myproject.settings_file import PRODUCTION, settings_with

REDIS = "redis://host:6380/3"


def layer_of(settings: Settings, values: dict[str, Any]) -> BaseChannelLayer:
    """Return the channel layer that these settings describe."""
    settings.CHANNEL_LAYERS = values["CHANNEL_LAYERS"]
    return ChannelLayerManager()["default"]


@pytest.fixture
def layer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> BaseChannelLayer:
    """Return the channel layer of a server for which no Redis is named."""
    return layer_of(settings, settings_with(monkeypatch))


async def test_a_burst_of_a_thousand_messages_reaches_a_socket_whole(
    layer: BaseChannelLayer,
) -> None:
    channel = await layer.new_channel()

    for number in range(1000):
        await layer.send(channel, {"type": "message", "number": number})

    received = [(await layer.receive(channel))["number"] for _ in range(1000)]
    assert received == list(range(1000))


@pytest.fixture
def redis_layer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the channel layer of a server with Redis."""
    return layer_of(settings, settings_with(monkeypatch, REDIS_URL=REDIS))


async def test_with_redis_the_layer_is_the_one_that_subscribes_again(redis_layer: Any) -> None:
    assert isinstance(redis_layer._get_layer(), RedisPubSubLoopLayer)


async def test_a_connection_to_redis_reads_no_file_to_introduce_itself(redis_layer: Any) -> None:
    [shard] = redis_layer._get_layer()._shards

    pool = create_pool(shard.host)

    assert pool.connection_kwargs["driver_info"] is None
    assert {name: pool.connection_kwargs[name] for name in ("host", "port", "db")} == {
        "host": "host",
        "port": 6380,
        "db": 3,
    }


def test_with_redis_the_cache_is_there_for_all_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    cache: Any = CacheHandler(settings_with(monkeypatch, REDIS_URL=REDIS)["CACHES"])["default"]

    assert isinstance(cache, RedisCache)
    assert cache._servers == [REDIS]  # type: ignore[attr-defined]
    options = cache._cache.get_client().connection_pool.connection_kwargs
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (2, 2)


def test_without_redis_the_cache_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    caches = CacheHandler(settings_with(monkeypatch)["CACHES"])

    assert isinstance(caches["default"], LocMemCache)


def test_in_development_e_mail_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    mailer = settings_with(monkeypatch)["MAILERS"]["default"]
    printed = io.StringIO()

    backend = import_string(mailer["BACKEND"])(alias="default", stream=printed)
    backend.send_messages([EmailMessage("Subject", "Hello", to=["ada@example.com"])])

    assert "Hello" in printed.getvalue()


def test_in_production_e_mail_is_handed_to_the_server_that_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = settings_with(monkeypatch, SMTP_HOST="mail.example", **PRODUCTION)
    mailer = values["MAILERS"]["default"]

    backend = import_string(mailer["BACKEND"])(alias="default", **mailer["OPTIONS"])

    assert isinstance(backend, EmailBackend)
    assert backend.host == "mail.example"
    assert 1 <= (backend.timeout or 0) <= 60


@pytest.mark.parametrize(
    ("version", "knows_mailers"), [((5, 2, 0), False), ((6, 0, 9), False), ((6, 1, 0), True)]
)
def test_a_django_without_mailers_is_told_in_its_own_words(
    monkeypatch: pytest.MonkeyPatch,
    mocker: MockerFixture,
    version: tuple[int, ...],
    knows_mailers: bool,
) -> None:
    mocker.patch.object(django, "VERSION", version)

    values = settings_with(monkeypatch, SMTP_HOST="mail.example", **PRODUCTION)

    mailer = values["MAILERS"]["default"]
    told = {name: value for name, value in values.items() if name.startswith("EMAIL_")}
    assert told == (
        {}
        if knows_mailers
        else {
            "EMAIL_BACKEND": mailer["BACKEND"],
            "EMAIL_HOST": mailer["OPTIONS"]["host"],
            "EMAIL_TIMEOUT": mailer["OPTIONS"]["timeout"],
        }
    )


def test_a_new_avatar_takes_the_place_of_the_old(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    values = settings_with(monkeypatch, MEDIA_ROOT=str(tmp_path))
    avatars = StorageHandler(values["STORAGES"])["avatars"]

    names = [avatars.save("ada", ContentFile(content)) for content in (b"old", b"new")]

    assert names == ["ada", "ada"]
    assert Path(tmp_path, "avatars", "ada").read_bytes() == b"new"


def test_any_other_upload_is_kept_beside_the_old(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    uploads = StorageHandler(settings_with(monkeypatch)["STORAGES"])["default"]

    first, second = (uploads.save("a.txt", ContentFile(content)) for content in (b"1", b"2"))

    assert Path(tmp_path, first).read_bytes() == b"1"
    assert Path(tmp_path, second).read_bytes() == b"2"


@pytest.mark.parametrize(
    ("environment", "url"),
    [({}, "/static/myproject/site.css"), (PRODUCTION, "/static/myproject/site.0123456789ab.css")],
    ids=["development", "production"],
)
def test_only_in_production_a_static_file_is_named_by_its_content(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, environment: dict[str, str], url: str
) -> None:
    settings.DEBUG = not environment
    storage: Any = StorageHandler(settings_with(monkeypatch, **environment)["STORAGES"])[
        "staticfiles"
    ]
    storage.hashed_files = {"myproject/site.css": "myproject/site.0123456789ab.css"}

    assert storage.url("myproject/site.css") == url

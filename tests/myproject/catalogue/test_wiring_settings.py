"""Hold settings that are written as text to what they are as values.

Read the text as Python, and compare it with the setting of this project where there is one. The
trap is a text that nobody runs until it is in somebody's settings.
"""

import ast

import pytest
from django.conf import settings

from myproject.catalogue.wiring import SETTINGS, SETTINGS_OF_SEVERAL

VALUES = {
    "CHANNEL_LAYERS": {
        "default": {
            "BACKEND": "channels.layers.InMemoryChannelLayer",
            "CONFIG": {"capacity": 10_000},
        }
    },
    "CHAT_BEAT": 2.0,
    "DATABASE_SILENCE": 5.0,
    "EXTERNAL_API_URL": "http://127.0.0.1:8000/upstream/",
    "EXTERNAL_API_TIMEOUT": 3.0,
    "EXTERNAL_API_CONNECTIONS": 100,
    "EXTERNAL_API_URLS": {"upstream": "http://127.0.0.1:8000/upstream/"},
    "EXTERNAL_API_CACHE_SECONDS": 10.0,
    "EXTERNAL_STREAM_URL": "http://127.0.0.1:8000/upstream/clock/",
    "EXTERNAL_STREAM_CONNECTIONS": 1000,
    "REST_FRAMEWORK": {
        "DEFAULT_PARSER_CLASSES": ["myproject.parsers.NestingSafeJSONParser"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    },
    "AUTHENTICATION_BACKENDS": settings.AUTHENTICATION_BACKENDS,
    "STORAGES": {
        "avatars": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": "media/avatars", "allow_overwrite": True},
        }
    },
    "PASSWORD_HASHERS": settings.PASSWORD_HASHERS,
    "AUTH_USER_MODEL": settings.AUTH_USER_MODEL,
    "LOGIN_URL": settings.LOGIN_URL,
    "LOGIN_REDIRECT_URL": settings.LOGIN_REDIRECT_URL,
}


def test_settings_are_added_in_this_order() -> None:
    assert list(SETTINGS) == list(VALUES)


@pytest.mark.parametrize("name", sorted(VALUES.keys() - SETTINGS_OF_SEVERAL))
def test_a_setting_is_python(name: str) -> None:
    assert ast.literal_eval(SETTINGS[name]) == VALUES[name]


def test_an_entry_that_is_added_to_a_setting_is_python() -> None:
    assert SETTINGS_OF_SEVERAL == {"STORAGES": "avatars"}
    assert ast.literal_eval(f"{{{SETTINGS['STORAGES']}}}") == VALUES["STORAGES"]

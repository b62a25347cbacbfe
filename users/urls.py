"""Routes of the users app."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from rest_framework.routers import SimpleRouter

from users.avatars import show_avatar, upload_avatar
from users.counts import user_count
from users.exports import export
from users.invitations import invite
from users.pages import AccountPage, account_data
from users.registration import register
from users.sessions import log_in, log_out, me
from users.views import async_user_detail, async_user_list
from users.viewsets import AsyncUserViewSet

router = SimpleRouter(use_regex_path=False)
router.register("users", AsyncUserViewSet, basename="drf-user")

urlpatterns = [
    path("api/users/", async_user_list, name="user-list"),
    path("api/users/<int:user_id>/", async_user_detail, name="user-detail"),
    path("api/users/count/", user_count, name="user-count"),
    path("api/users/<int:user_id>/avatar/", show_avatar),
    path("api/avatar/", upload_avatar),
    path("invite/", invite, name="invite"),
    path("api/register/", register, name="register"),
    path("api/login/", log_in, name="log-in"),
    path("api/logout/", log_out, name="log-out"),
    path("api/me/", me, name="me"),
    path("account/", AccountPage.as_view(), name="account"),
    path("account/data/", account_data, name="account-data"),
    path("account/export/", export, name="account-export"),
    path("login/", LoginView.as_view(template_name="users/login.html"), name="login"),
    path("logout/", LogoutView.as_view(next_page="home"), name="logout"),
    path("api/drf/", include(router.urls)),
    path("", include("users.api_urls")),
]

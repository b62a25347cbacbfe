"""The OpenAPI description of adrf's viewsets."""

from typing import Any

from adrf.routers import SimpleRouter
from drf_spectacular.openapi import AutoSchema

SYNC_NAMES = {name: sync for sync, name in SimpleRouter.sync_to_async_action_map.items()}


class AsyncAutoSchema(AutoSchema):
    """drf-spectacular's schema, for which ``alist`` is a list, and so on.

    It tells what an operation does by the name of the action, and knows the sync names only.
    """

    def get_operation(self, *args: Any) -> Any:
        """Describe an operation, with its action under the sync name."""
        view: Any = self.view
        if getattr(view, "action", None) in SYNC_NAMES:
            view.action = SYNC_NAMES[view.action]
        return super().get_operation(*args)

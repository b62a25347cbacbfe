"""Lists that do not grow for ever: a page after a row, instead of everything."""

from typing import Any

from django import forms
from django.db.models import QuerySet

LIMIT = 100


class PageForm(forms.Form):
    """Which page a client asks for: ``?after=<id>&limit=<number>``, each optional."""

    after = forms.IntegerField(required=False, min_value=0)
    limit = forms.IntegerField(required=False, min_value=1, max_value=LIMIT)


async def apage(queryset: QuerySet[Any], form: PageForm) -> tuple[list[Any], str | None]:
    """Return the rows of a page, and the query string of the next one if there is one.

    Unlike an offset, ``after`` costs the same on every page, and neither repeats nor skips a row
    when others come and go in between. One row more than is shown tells whether to go on.
    """
    after, limit = form.cleaned_data["after"] or 0, form.cleaned_data["limit"] or LIMIT
    rows = [row async for row in queryset.filter(pk__gt=after).order_by("pk")[: limit + 1]]
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], f"?after={rows[limit - 1].pk}&limit={limit}"

"""What a pattern needs in a project that has nothing yet: the plan that its page shows."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command

from myproject.catalogue.catalogue import get_catalogue
from myproject.catalogue.copies import Copy
from myproject.catalogue.plans import Planner
from myproject.catalogue.targets import Target


@cache
def steps_in_new_project(slug: str) -> dict[str, str]:
    """Return what to do, by title, where `django-admin startproject` has just been run."""
    catalogue = get_catalogue()
    with TemporaryDirectory() as folder:
        call_command("startproject", "config", folder)
        plan = Planner(Copy(catalogue.root, catalogue.find(slug)), Target(Path(folder))).make()
    return plan.steps("DIR")

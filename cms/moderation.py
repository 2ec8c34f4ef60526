"""Who writes and who publishes: editors change pages and submit them, administrators read them over and publish.

The two groups are those of the national team, made after each migration; they are known here by their names.
"""

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

EDITORS = "Éditeurs nationaux"
ADMINISTRATORS = "Administrateurs nationaux"
WORKFLOW = "Relecture"
WAGTAIL_WORKFLOW = "Moderators approval"
TASK = "Relecture par un administrateur national"

PAGE_RIGHTS = {
    EDITORS: ("add_page", "change_page"),
    ADMINISTRATORS: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}
FILE_RIGHTS = (
    ("wagtailimages", ("add_image", "change_image", "choose_image")),
    ("wagtaildocs", ("add_document", "change_document", "choose_document")),
)


def set_up_moderation(top: Page) -> None:
    """Give both groups their rights on a page and all below, on images and documents, and the workflow between them.

    Safe to run again.
    """
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in PAGE_RIGHTS}
    for name, group in groups.items():
        _allow_pages(group, top, PAGE_RIGHTS[name])
        _allow_files(group)
    _set_up_workflow(top, groups[ADMINISTRATORS])


def _allow_pages(group: Group, top: Page, codenames: tuple[str, ...]) -> None:
    rights = Permission.objects.filter(
        content_type__app_label="wagtailcore", content_type__model="page", codename__in=codenames
    )
    for right in rights:
        GroupPagePermission.objects.get_or_create(group=group, page=top, permission=right)


def _allow_files(group: Group) -> None:
    collection = Collection.get_first_root_node()
    for app_label, codenames in FILE_RIGHTS:
        rights = Permission.objects.filter(
            content_type__app_label=app_label, codename__in=codenames
        )
        for right in rights:
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=collection, permission=right
            )


def _set_up_workflow(top: Page, moderators: Group) -> None:
    task, created = GroupApprovalTask.objects.get_or_create(name=TASK)
    if created:
        task.groups.add(moderators)
    workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.get_or_create(page=top, defaults={"workflow": workflow})
    _put_aside_the_workflow_of_wagtail()


def _put_aside_the_workflow_of_wagtail() -> None:
    """Its group was removed, so what is submitted there would wait for ever."""
    for workflow in Workflow.objects.active().filter(name=WAGTAIL_WORKFLOW):
        tasks = GroupApprovalTask.objects.filter(workflow_tasks__workflow=workflow)
        if not any(task.groups.exists() for task in tasks):
            workflow.active = False
            workflow.save()

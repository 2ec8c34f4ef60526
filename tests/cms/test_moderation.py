import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupPagePermission, Workflow, WorkflowPage, WorkflowTask

from cms.ground import get_root
from cms.models import HomePage
from cms.moderation import set_up_moderation
from tests.cms.factories import make_guide


@pytest.fixture
def guide(guides):
    set_up_moderation(guides.get_parent())
    return make_guide(guides)


def test_setting_up_twice_changes_nothing(guide):
    before = (GroupPagePermission.objects.count(), Workflow.objects.count())

    set_up_moderation(HomePage.objects.get())

    assert (GroupPagePermission.objects.count(), Workflow.objects.count()) == before


def test_wagtails_own_workflow_which_nobody_can_approve_is_put_aside(guide):
    assert [workflow.name for workflow in Workflow.objects.active()] == ["Relecture"]
    assert HomePage.objects.get().workflowpage.workflow.name == "Relecture"


def test_a_workflow_chosen_by_the_national_team_stays(guide):
    other = Workflow.objects.create(name="À trois")
    task = Workflow.objects.get(name="Relecture").workflow_tasks.get().task
    WorkflowTask.objects.create(workflow=other, task=task)
    WorkflowPage.objects.update(workflow=other)

    set_up_moderation(HomePage.objects.get())

    assert HomePage.objects.get().workflowpage.workflow == other


def test_an_editor_changes_and_submits_but_does_not_publish(guide, editor):
    rights = guide.permissions_for_user(editor)

    assert rights.can_edit()
    assert rights.can_submit_for_moderation()
    assert not rights.can_publish()
    assert not rights.can_unpublish()
    assert not rights.can_delete()


def test_an_administrator_publishes(guide, nadia):
    assert guide.permissions_for_user(nadia).can_publish()


@pytest.mark.parametrize("person", ["alice", "omar", "lone"])
def test_nobody_else_has_any_right_on_pages(guide, person, request):
    rights = guide.permissions_for_user(request.getfixturevalue(person))

    assert not rights.can_edit()
    assert not rights.can_publish()


def test_a_change_is_public_once_approved_and_not_before(guide, editor, nadia, client):
    guide.summary = "Les mots d’Édith."
    guide.save_revision(user=editor)
    state = guide.get_workflow().start(guide, editor)
    assert "Les mots d’Édith." not in client.get("/guides/acheter/").content.decode()

    state.current_task_state.task.specific.on_action(
        state.current_task_state.specific, user=nadia, action_name="approve"
    )

    assert "Les mots d’Édith." in client.get("/guides/acheter/").content.decode()


def test_the_editor_is_not_among_those_who_approve(guide, editor, nadia):
    guide.save_revision(user=editor)
    state = guide.get_workflow().start(guide, editor)
    task = state.current_task_state.task.specific

    assert task.get_actions(guide, editor) == []
    assert "approve" in [name for name, *_ in task.get_actions(guide, nadia)]


def test_groups_missing_from_an_emptied_database_are_made(db):
    Group.objects.all().delete()

    set_up_moderation(get_root())

    assert {group.name for group in Group.objects.all()} == {
        "Éditeurs nationaux",
        "Administrateurs nationaux",
    }

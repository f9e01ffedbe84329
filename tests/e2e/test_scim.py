"""SCIM as an independent client understands it, which goes by what the server says of itself and checks every answer."""
import pathlib
import shutil
import tempfile

import pytest
from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import PatchOp, SCIMException, SearchRequest
from scim2_tester import Status, check_server

from support.stack import Stack


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with Stack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def client(stack):
    made = stack.admin.call("POST", "/orgs/acme/tokens", {
        "name": "directory", "role": "admin", "scopes": ["manage_members"]}).json
    headers = {"Authorization": f"Bearer {made['token']}"}
    with Client(base_url=f"{stack.control.url}/scim/v2/acme", headers=headers, timeout=30) as http:
        yield SyncSCIMClient(http)


def patched(client, model, one, *operations):
    return client.modify(model, one.id, PatchOp[model](operations=list(operations)))


def test_the_server_describes_itself(client):
    results = [one for one in check_server(client, include_tags={"discovery"}) if one.status != Status.SKIPPED]
    assert len(results) > 10
    wrong = [f"{one.title}: {one.reason}" for one in results if one.status != Status.SUCCESS]
    assert not wrong, "\n".join(wrong)


def test_people_and_groups_come_change_and_go(client):
    client.discover()
    User, Group = client.get_resource_model("User"), client.get_resource_model("Group")
    ada = client.create(User(user_name="ada@example.com", external_id="00u1", display_name="Ada"))
    bob = client.create(User(user_name="bob@example.com"))
    assert client.query(User, ada.id).user_name == "ada@example.com"
    found = client.query(User, query_parameters=SearchRequest[User](filter='externalId eq "00u1"'))
    assert [one.id for one in found.resources] == [ada.id]
    team = client.create(Group(display_name="team", members=[{"value": ada.id}]))
    patched(client, Group, team, {"op": "add", "path": "members", "value": [{"value": bob.id}]})
    assert {one.value for one in client.query(Group, team.id).members} == {ada.id, bob.id}
    assert client.query(User, bob.id).groups[0].value == team.id
    patched(client, Group, team, {"op": "remove", "path": f'members[value eq "{ada.id}"]'})
    assert [one.value for one in client.query(Group, team.id).members] == [bob.id]

    ada = client.query(User, ada.id)
    ada.display_name = "Countess"
    assert client.replace(ada).display_name == "Countess"
    assert patched(client, User, bob, {"op": "replace", "path": "active", "value": False}).active is False
    client.delete(Group, team.id)
    client.delete(User, ada.id)
    assert [one.id for one in client.query(User).resources] == [bob.id]


def test_refusals_have_their_type(client):
    client.discover()
    User = client.get_resource_model("User")
    client.create(User(user_name="cy@example.com"))
    with pytest.raises(SCIMException) as taken:
        client.create(User(user_name="cy@example.com"))
    assert (taken.value.status, taken.value.scim_type) == (409, "uniqueness")
    with pytest.raises(SCIMException) as missing:
        client.query(User, "u_none")
    assert missing.value.status == 404

"""With what do the tests of the API start? A world, and a client for any of its people."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from models.database import transaction
from models.people import Person
from tasks.accounts import create_token
from tests.world import World

Login = Callable[[Person], "Client"]


class Client:
    """One person's calls, in the world's season."""

    def __init__(self, http: TestClient, world: World, token: str) -> None:
        self.http, self.base = http, f"/api/v1/seasons/{world.season_id}"
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, expected: int = 200, **query: object) -> "Answer":
        answer = self.http.get(self.base + path, params=query, headers=self.headers)
        return Answer(answer.status_code, answer.json(), expected)

    def post(self, path: str, body: object, expected: int = 201) -> "Answer":
        answer = self.http.post(self.base + path, json=body, headers=self.headers)
        return Answer(answer.status_code, answer.json(), expected)


class Answer:
    """A JSON answer whose status was as expected."""

    def __init__(self, status: int, body: object, expected: int) -> None:
        assert status == expected, body
        self.body = body

    def __getitem__(self, key: str) -> object:
        assert isinstance(self.body, dict)
        return self.body[key]

    @property
    def codes(self) -> list[str]:
        reasons = self["reasons"]
        assert isinstance(reasons, list)
        return [r["code"] for r in reasons]

    @property
    def items(self) -> list[dict[str, object]]:
        items = self["items"] if isinstance(self.body, dict) else self.body
        assert isinstance(items, list)
        return items


@pytest.fixture(scope="session")
def http() -> TestClient:
    return TestClient(create_app(), base_url="http://127.0.0.1", raise_server_exceptions=False)


@pytest.fixture
def login(http: TestClient, world: World) -> Login:
    def of(person: Person) -> Client:
        with transaction() as session:
            token = create_token(session, person, "test")
        return Client(http, world, token)

    return of

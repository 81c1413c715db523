"""Who sits beside somebody: a colleague with a seat in the same body of the same organisation."""

from itertools import count

from sqlmodel import select

from models.database import transaction
from models.people import Person, Seat
from tests.world import World

_numbers = count(1)


def colleague_of(world: World, person: Person) -> Person:
    """Somebody new who holds the same seats."""
    with transaction() as session:
        number = next(_numbers)
        new = Person(name=f"样例同事{number}", email=f"colleague{number}@example.org")
        session.add(new)
        session.flush()
        for seat in session.exec(
            select(Seat).where(Seat.season_id == world.season_id, Seat.person_id == person.id)
        ).all():
            session.add(
                Seat(
                    season_id=seat.season_id,
                    body=seat.body,
                    person_id=new.id,
                    organisation_id=seat.organisation_id,
                    since=seat.since,
                    notified=False,
                )
            )
        return new

"""How does a unit or a county put its people in order (一（二）)? Nobody is refused for recommending many."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import Session, col, delete, func, select

from models.case import Case
from models.importing import Priority
from models.people import Organisation, Person
from models.priorities import ranked_cases, recommending
from models.season import Season, notice_of
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import read_viewer
from models.words import EventKind
from tasks.record import lock_season, record


def check_priorities(
    session: Session, season: Season, organisation: Organisation | None, person: Person
) -> Verdict:
    """Only those who recommend for the organisation order its people, and only until the season has ended."""
    viewer = read_viewer(session, person, season, notice_of(session, season))
    if organisation is None or organisation.id not in {o.id for o in recommending(viewer)}:
        text = "推荐优先顺序由推荐单位或县（区）总工会自己排定，您不能排定。"
        return (Reason("not_yours", text, "一（二）", "forbidden"),)
    if season.closed_at is not None:
        return (Reason("season_closed", "本年度已经办结，不能再改推荐顺序。"),)
    return OPEN


def set_priorities(
    session: Session, season_id: UUID, organisation_id: UUID, case_ids: Sequence[UUID], person: Person
) -> None:
    """Order all of the organisation's people as given, the first one first."""
    season = lock_season(session, season_id)
    organisation = session.get(Organisation, organisation_id)
    require(check_priorities(session, season, organisation, person))
    assert organisation is not None
    ranked = ranked_cases(session, season, organisation)
    if sorted(case_ids) != sorted(r.case.id for r in ranked):
        text = "名单刚才有变动，请刷新页面，核对后重新排序。"
        raise Refused(Reason("order_stale", text, "一（二）"))
    if [r.case.id for r in ranked if r.place] == list(case_ids):
        return
    _replace(session, season, organisation_id, case_ids)
    numbers = {r.case.id: r.case.number for r in ranked}
    record(
        session,
        EventKind.PRIORITIES_SET,
        season=season,
        actor=person,
        organisation=organisation.name,
        cases=[numbers[i] for i in case_ids],
    )


def _replace(session: Session, season: Season, organisation_id: UUID, case_ids: Iterable[UUID]) -> None:
    """Places of cases that have left the order go too: there is no gap."""
    session.exec(
        delete(Priority).where(
            col(Priority.season_id) == season.id, col(Priority.organisation_id) == organisation_id
        )
    )
    session.add_all(
        [
            Priority(season_id=season.id, organisation_id=organisation_id, case_id=case_id, position=n)
            for n, case_id in enumerate(case_ids, 1)
        ]
    )
    session.flush()


def add_places(session: Session, season: Season, organisation_id: UUID, cases: Sequence[Case]) -> None:
    """Put these cases, in this order, behind those that the organisation has ordered already."""
    last = session.exec(
        select(func.max(Priority.position)).where(
            Priority.season_id == season.id, Priority.organisation_id == organisation_id
        )
    ).one()
    session.add_all(
        [
            Priority(season_id=season.id, organisation_id=organisation_id, case_id=case.id, position=n)
            for n, case in enumerate(cases, (last or 0) + 1)
        ]
    )

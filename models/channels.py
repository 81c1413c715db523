"""Which channels and routes fit a candidate (四): whose own business it is follows from where the unit belongs."""

from collections.abc import Callable

from models.notice import Channel, Notice, Step
from models.people import Organisation
from models.verdict import OPEN, Reason, Verdict
from models.words import Relation, Scope


def _reached(notice: Notice, relation: Relation, keys: Callable[[Step], list[str] | None]) -> set[str] | None:
    """Of what (`keys`: channels or routes) a step decided by such a body is; None when of all."""
    steps = [s for s in notice.steps if s.scope is Scope.CASE and _is_decided_by(notice, s, relation)]
    found: set[str] = set()
    for step in steps:
        only = keys(step)
        if only is None:
            return None
        found |= set(only)
    return found


def _is_decided_by(notice: Notice, step: Step, relation: Relation) -> bool:
    return any(notice.body(d.body).relation is relation for d in step.deciders)


def unit_channels(notice: Notice) -> set[str]:
    """The channels on which the candidate's own unit decides: it recommends (四（一）)."""
    found = _reached(notice, Relation.OWN_UNIT, lambda step: step.channels)
    return {c.key for c in notice.channels} if found is None else found


def county_routes(notice: Notice) -> set[str]:
    """The routes on which a body of the county decides."""
    found = _reached(notice, Relation.OWN_COUNTY, lambda step: step.routes)
    return {r.key for r in notice.routes} if found is None else found


def self_channel(notice: Notice) -> Channel | None:
    """The channel by which a person nominates himself (四（三）): nobody recommends, no unit and no county decides."""
    by_unit, by_county = unit_channels(notice), county_routes(notice)
    open_to_all = [c for c in notice.channels if not c.recommenders and c.key not in by_unit]
    return next((c for c in open_to_all if set(c.routes) - by_county), None)


def self_route(notice: Notice, channel: Channel) -> str:
    """The route of such a channel that no county decides on."""
    return next(r for r in channel.routes if r not in county_routes(notice))


def fitting_routes(notice: Notice, channel: Channel, unit: Organisation | None) -> list[str]:
    """The routes of the channel that fit the unit: through its county union, or straight to the city (四（一）)."""
    by_county = county_routes(notice)
    if unit is None or channel.key not in unit_channels(notice) or not set(channel.routes) - by_county:
        return list(channel.routes)
    if not set(channel.routes) & by_county:
        return list(channel.routes)
    return [r for r in channel.routes if (r in by_county) == bool(unit.county)]


def check_route(
    notice: Notice, channel: Channel, route: str, county: str | None, unit: Organisation | None
) -> Verdict:
    """Reasons against this route for a candidate of this unit."""
    if unit is None or channel.key not in unit_channels(notice):
        return OPEN
    fitting = fitting_routes(notice, channel, unit)
    if route not in fitting:
        ways = "、".join(r.label for r in notice.routes if r.key in fitting)
        whose = "属于县（区）" if unit.county else "直属于市"
        text = f"“{unit.name}”{whose}，应按隶属关系选择“{ways}”报送。"
        return (Reason("route_mismatch", text, "四（一）", "invalid", "route"),)
    if route in county_routes(notice) and unit.county and county != unit.county:
        text = f"“{unit.name}”不属于所选的县（区），请选择单位所在的县（区）。"
        return (Reason("county_mismatch", text, "四（一）", "invalid", "county"),)
    return OPEN

"""Which documents of a case in view may be opened, and who may read its personal numbers?

One rule for pages, downloads, previews and the API. That the case is in view at all, `models.visibility` says.
"""

from models.attachment import Attachment
from models.case import Case
from models.notice import Document, Notice
from models.viewer import Viewer
from models.words import Relation


def reviews(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer sits in the case's own unit or county union, which check its papers."""
    return any(
        s.organisation_id == case.unit_id and viewer.notice.body(s.body).relation is Relation.OWN_UNIT
        for s in viewer.seats
        if s.organisation_id is not None
    ) or _sits_in_county(viewer, case, viewer.county_reviewers)


def _sits_in_county(viewer: Viewer, case: Case, bodies: frozenset[str]) -> bool:
    counties = {u.id: u.county for u in viewer.units}
    return case.county is not None and any(
        s.body in bodies and s.organisation_id and counties.get(s.organisation_id) == case.county
        for s in viewer.seats
    )


def may_read_document(viewer: Viewer, case: Case, document: Document) -> bool:
    """Papers with personal data are for who filed them, who checks them, and who sees every case."""
    return (
        not document.sensitive
        or viewer.sees_all
        or case.entered_by == viewer.person.id
        or reviews(viewer, case)
        or _sits_in_county(viewer, case, frozenset(document.shown_to))
    )


def may_read_file(viewer: Viewer, case: Case, notice: Notice, file: Attachment) -> bool:
    """The sealed paper of an opinion is for who may read the opinion; any other file as its document is."""
    if file.decision_id is not None:
        return viewer.reads(case) or file.uploaded_by == viewer.person.id
    return may_read_document(viewer, case, notice.document(file.document))


def may_read_numbers(viewer: Viewer, case: Case) -> bool:
    """ID number, telephone and address in full: for who typed them, who checks them, and the office."""
    return case.entered_by == viewer.person.id or viewer.is_office or reviews(viewer, case)

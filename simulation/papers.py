"""What do made-up people upload and agree to? Small sound files of every kind, made by code and marked 样例."""

import io
from functools import lru_cache

import docx as word
from PIL import Image, ImageDraw
from sqlmodel import Session

from models.case import Case
from models.checklist import missing_documents
from models.consent import check_consent
from models.notice import Document
from models.people import Person
from models.season import notice_by_digest
from models.words import AttachmentKind
from tasks.attachments import attach
from tasks.consent import ALL, give_consent

PHOTO = (413, 579)


@lru_cache(maxsize=8)
def pdf(text: str = "sample", pages: int = 1) -> bytes:
    """A PDF with a line of Latin text on each page."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    objects.append(f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode())
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for _ in range(pages):
        content = f"BT /F1 24 Tf 72 760 Td ({text}) Tj ET".encode()
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects) + 2} 0 R"
        objects.append(f"{page}/Resources<</Font<</F1 3 0 R>>>>>>".encode())
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(content), content))
    out = bytearray(b"%PDF-1.4\n")
    places: list[int] = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%b endobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


@lru_cache(maxsize=8)
def picture(kind: AttachmentKind = AttachmentKind.JPG, size: tuple[int, int] = PHOTO) -> bytes:
    """A plain picture with a face-like oval."""
    image = Image.new("RGB", size, "white")
    width, height = size
    ImageDraw.Draw(image).ellipse((width // 4, height // 4, 3 * width // 4, 3 * height // 4), fill="#c9a58a")
    out = io.BytesIO()
    image.save(out, "JPEG" if kind is AttachmentKind.JPG else "PNG")
    return out.getvalue()


@lru_cache(maxsize=8)
def docx(text: str = "样例事迹：十五年一线，攻克多项难题。") -> bytes:
    document = word.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def paper_for(document: Document) -> tuple[str, bytes]:
    """A file that this document accepts, with its name."""
    if document.portrait:
        return "样例照片.jpg", picture()
    if AttachmentKind.DOCX in document.kinds:
        return f"样例{document.key}.docx", docx()
    return f"样例{document.key}.pdf", pdf(document.key)


def supply(session: Session, case: Case, person: Person) -> None:
    """Upload everything that the case still needs before it may be handed in, and put the consents on record."""
    notice = notice_by_digest(session, case.notice_digest)
    for document in missing_documents(session, notice, case):
        filename, content = paper_for(document)
        attach(session, case.id, document.key, filename, content, person)
    if check_consent(session, notice, case):
        give_consent(session, case.id, person, ALL)

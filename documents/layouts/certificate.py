"""What stands on a certificate (五)? Name, title, number and date, and a code by which anybody can verify it.

It carries no seal and no pattern: it is printed onto the issuing body's own paper.
"""

from urllib.parse import urlencode

from documents.grid import A4_HEIGHT, A4_WIDTH, Align, Face, Paragraph, Run, Sheet, line
from documents.layouts.official import day
from documents.marks import coded
from models.honours import Certificate
from models.notice import Notice
from models.placeholders import filled
from settings import settings

MARGINS = (34.0, 34.0, 20.0, 34.0)
SIZE, LINE = 20.0, 38.0
CHARACTER = SIZE * 25.4 / 72


def certificate_sheet(
    notice: Notice, name: str, certificate: Certificate, paper: str, *, practice: bool = False
) -> Sheet:
    """One landscape page; `paper` is the number of the document that recognises."""
    assert notice.certificate is not None
    form = notice.certificate
    values = {"年度": str(notice.year), "称号": notice.award_name, "姓名": name, "文号": paper}
    first, *others = [filled(p.strip(), values) for p in form.text.splitlines() if p.strip()]
    heading = ("【演练】" if practice else "") + form.heading
    return Sheet(
        (
            line(heading, Face.TITLE, 40, align=Align.CENTER, line=60, after=26),
            _text(first),
            *(_text(p, indent=2 * CHARACTER) for p in others),
            _text(form.issuer, before=30, align=Align.RIGHT, right=CHARACTER),
            _text(day(certificate.dated), align=Align.RIGHT, right=CHARACTER),
            line(f"证书编号：{certificate.number}　查验码：{certificate.code}", Face.SONG, 12, before=16),
        ),
        title=f"{notice.title}证书",
        width=A4_HEIGHT,
        height=A4_WIDTH,
        margins=MARGINS,
        stamp=coded(verification_url(certificate), "扫码查验"),
    )


def verification_url(certificate: Certificate) -> str:
    said = urlencode({"number": certificate.number, "code": certificate.code})
    return f"{settings().base_url}/certificates?{said}"


def _text(content: str, **more: object) -> Paragraph:
    return Paragraph((Run(content, Face.FANG, SIZE),), **{"line": LINE, **more})  # type: ignore[arg-type]

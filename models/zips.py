"""What does Python say of a zip that is damaged or of a kind it can't read, and which entry needs a password?

Every file that is a zip is read by these: those of Word and Excel, archives in mails, backups, dossiers.
"""

import zipfile
import zlib

# RuntimeError covers an unknown compression and newer formats. That a password is wanted is asked beforehand.
DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
ENCRYPTED = 0x1


def has_password(entry: zipfile.ZipInfo) -> bool:
    return bool(entry.flag_bits & ENCRYPTED)

"""How is a mailed link made, without a usable token in the database?

The token is an HMAC of the link's id under a key kept outside the database; the record holds the token's SHA-256.
"""

import base64
import hashlib
import hmac
from functools import cache
from uuid import UUID

from settings import settings


@cache
def _key() -> bytes:
    return settings().secret("link_key").encode()


def link_token(link_id: UUID) -> str:
    """The token that the mail carries: 256 bits, URL-safe."""
    mac = hmac.new(_key(), link_id.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def invitation_token(invitation_id: UUID) -> str:
    """The token of a link by which someone nominates himself: of another kind than those of tasks."""
    mac = hmac.new(_key(), b"invitation:" + invitation_id.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def feed_token(feed_id: UUID) -> str:
    """The token of a person's calendar address: of a kind of its own."""
    mac = hmac.new(_key(), b"feed:" + feed_id.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def account_token(invitation_id: UUID) -> str:
    """The token of a link by which somebody sets a password."""
    mac = hmac.new(_key(), b"account:" + invitation_id.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def account_digest(invitation_id: UUID) -> str:
    return token_digest(account_token(invitation_id))


def account_url(invitation_id: UUID) -> str:
    return f"{settings().base_url}/welcome/{account_token(invitation_id)}"


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_digest(link_id: UUID) -> str:
    return token_digest(link_token(link_id))


def link_url(link_id: UUID) -> str:
    return f"{settings().base_url}/t/{link_token(link_id)}"


def invitation_digest(invitation_id: UUID) -> str:
    return token_digest(invitation_token(invitation_id))


def invitation_url(invitation_id: UUID) -> str:
    return f"{settings().base_url}/a/{invitation_token(invitation_id)}"


def feed_digest(feed_id: UUID) -> str:
    return token_digest(feed_token(feed_id))


def feed_url(feed_id: UUID) -> str:
    return f"{settings().base_url}/ics/{feed_token(feed_id)}.ics"


def due_url(link_id: UUID) -> str:
    """Where the last day of a mailed task is fetched as a calendar file."""
    return f"{link_url(link_id)}/due.ics"


def code_digest(code_id: UUID, code: str) -> str:
    """Six digits are soon tried out: without the key, the digest tells nothing."""
    return hmac.new(_key(), b"code:" + code_id.bytes + code.encode(), hashlib.sha256).hexdigest()

"""Who may take a message, who may settle it, and who may have it sent again?"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.database import reading, real_now, transaction
from models.mail import Message
from models.outbox import queue_counts
from models.people import Person
from models.verdict import Refused
from models.words import MessageState
from notifications import claims
from notifications.answers import Answer, Fate
from notifications.pace import DEFAULT
from tasks.outbox import resend
from tests.notifications.outboxes import QUICK, Outbox, clerk, send_all
from tests.notifications.servers import MailServer

LI = "li@example.org"
QIN = "qin@example.org"


def test_a_sender_that_slept_past_its_claim_may_not_end_its_mail(outbox: Outbox) -> None:
    outbox.queue(LI)
    [slept] = claims.claim(False, None, 10, replace(QUICK, claim_lease=0.0))
    [awake] = claims.claim(False, None, 10, QUICK)

    assert claims.begin(slept, QUICK) is None
    assert claims.begin(awake, QUICK) is not None
    assert claims.claim(False, None, 10, QUICK) == []


def test_an_outage_however_long_costs_a_mail_neither_tries_nor_patience(outbox: Outbox) -> None:
    """A hundred times no server is there, or none that takes anything; each time the mail's moment comes."""
    message_id = outbox.queue(LI)
    for n in range(100):
        [held] = claims.claim(False, None, 10, DEFAULT)
        claims.settle(held, Answer(Fate.HELD if n % 2 else Fate.UNREACHABLE), "", DEFAULT)
        message = outbox.message(message_id)
        assert message.next_at - real_now() <= timedelta(seconds=DEFAULT.soon[0])
        with transaction() as session:
            session.get_one(Message, message_id).next_at = real_now()

    assert (outbox.states(), outbox.message(message_id).attempts) == ([MessageState.QUEUED], 0)


def test_a_late_word_settles_what_was_thought_unknown(outbox: Outbox) -> None:
    outbox.queue(LI)
    [held] = claims.claim(False, None, 10, QUICK)
    begun = claims.begin(held, replace(QUICK, sending_lease=0.0))
    assert begun is not None
    claims.settle_lost()
    before = outbox.states()
    claims.settle(begun, Answer(Fate.SENT), "", QUICK)

    assert (before, outbox.states()) == ([MessageState.UNKNOWN], [MessageState.SENT])


def test_a_mail_whose_sender_vanished_after_its_end_is_unknown(outbox: Outbox, server: MailServer) -> None:
    message_id = outbox.queue(LI)
    with transaction() as session:
        message = session.get_one(Message, message_id)
        message.state, message.claimed_until = MessageState.SENDING, real_now() - timedelta(seconds=1)

    send_all(outbox)

    assert outbox.message(message_id).state == MessageState.UNKNOWN
    assert server.received == []


@pytest.mark.parametrize(
    ("state", "code"),
    [(MessageState.SENT, "not_resendable"), (MessageState.QUEUED, "not_resendable")],
)
def test_only_what_did_not_get_out_is_resent(outbox: Outbox, state: MessageState, code: str) -> None:
    message_id = outbox.queue(LI)
    with transaction() as session:
        session.get_one(Message, message_id).state = state

    with pytest.raises(Refused) as refusal, transaction() as session:
        resend(session, message_id, clerk(outbox))

    assert [reason.code for reason in refusal.value.reasons] == [code]


def test_resending_takes_the_address_of_today(outbox: Outbox, server: MailServer) -> None:
    message_id = outbox.queue(None)
    with pytest.raises(Refused) as refusal, transaction() as session:
        resend(session, message_id, clerk(outbox))
    with transaction() as session:
        recipient_id = session.get_one(Message, message_id).person_id
        session.get_one(Person, recipient_id).email = QIN
    with transaction() as session:
        resend(session, message_id, clerk(outbox))

    send_all(outbox)

    assert [reason.code for reason in refusal.value.reasons] == ["no_address"]
    assert server.recipients() == [QIN]


def test_the_outbox_is_counted_by_state(outbox: Outbox) -> None:
    outbox.queue_many(3)
    outbox.queue(None)

    with reading() as session:
        counts = queue_counts(session, outbox.season_id)

    assert counts.by_state == {MessageState.QUEUED: 3, MessageState.SKIPPED: 1}
    assert (counts.unsent, counts.trouble) == (3, "")
    assert isinstance(counts.waiting_since, datetime)

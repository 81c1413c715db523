"""Passwords have an age and a past, failures are counted beside the people, and accounts have a log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision: str | None = "0017"
branch_labels: str | None = None
depends_on: str | None = None

FOLDED = "lower(normalize(login, NFKC))"


def upgrade() -> None:
    _people()
    _logins()
    _factors()
    _grants()
    _log()


def _people() -> None:
    op.drop_index("uq_person_login_folded", "person")
    op.create_index("uq_person_login_folded", "person", [sa.text(FOLDED)], unique=True)
    op.drop_constraint("login_has_password", "person", type_="check")
    op.create_check_constraint("password_has_login", "person", "login IS NOT NULL OR password_hash IS NULL")
    op.drop_column("person", "failed_logins")
    op.drop_column("person", "locked_until")
    op.add_column("person", sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("must_change", sa.Boolean(), nullable=False, server_default="false"))
    op.add_column("person", sa.Column("admin_role", sa.String(length=20), nullable=True))
    op.add_column("person", sa.Column("practice", sa.Boolean(), nullable=False, server_default="false"))
    op.create_check_constraint("known_admin_role", "person", "admin_role IN ('system', 'security', 'audit')")
    op.execute("UPDATE person SET password_set_at = now() WHERE password_hash IS NOT NULL")
    op.execute("UPDATE person SET practice = true WHERE login IS NOT NULL AND email LIKE '%@example.org'")
    for column in ("must_change", "practice"):
        op.alter_column("person", column, server_default=None)


def _logins() -> None:
    op.execute("DELETE FROM login_session")
    op.add_column("login_session", sa.Column("id", sa.Uuid(), nullable=False))
    op.add_column("login_session", sa.Column("waits_for", sa.String(length=20), nullable=False))
    op.add_column("login_session", sa.Column("address", sa.String(length=64), nullable=False))
    op.add_column("login_session", sa.Column("device", sa.String(length=120), nullable=False))
    op.create_unique_constraint("uq_login_session_id", "login_session", ["id"])
    op.create_table(
        "old_password",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_old_password_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_old_password")),
    )
    op.create_index(op.f("ix_old_password_person_id"), "old_password", ["person_id"])
    op.create_table(
        "login_guess",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_guess")),
    )
    op.create_table(
        "known_browser",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_known_browser_person_id_person")),
        sa.PrimaryKeyConstraint("digest", "person_id", name=op.f("pk_known_browser")),
    )


def _factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("person_id", "confirmed", name=op.f("uq_second_factor_person_id_confirmed")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])


def _grants() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_when_not_open"),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'declined') OR settled_by <> proposed_by", name="two_people"
        ),
        sa.CheckConstraint("settled_by <> person_id OR state = 'withdrawn'", name="not_for_oneself"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_person_id_person")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_proposal_proposed_by_person")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_proposal_settled_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_person_id"), "proposal", ["person_id"])
    op.create_index(
        "ix_proposal_open", "proposal", ["proposed_at"], postgresql_where=sa.text("state = 'open'")
    )
    op.create_table(
        "account_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_invitation_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_account_invitation_digest")),
    )
    op.create_index(op.f("ix_account_invitation_person_id"), "account_invitation", ["person_id"])
    op.execute(
        """
        CREATE FUNCTION keep_administrators_apart() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_TABLE_NAME = 'seat' THEN
            PERFORM 1 FROM person WHERE id = NEW.person_id FOR SHARE;
            IF (NEW.until IS NULL OR NEW.until > now()) AND EXISTS (
                SELECT 1 FROM person WHERE id = NEW.person_id AND admin_role IS NOT NULL) THEN
              RAISE EXCEPTION 'an administrator holds no seat' USING ERRCODE = 'check_violation';
            END IF;
          ELSIF NEW.admin_role IS NOT NULL AND EXISTS (
              SELECT 1 FROM seat WHERE person_id = NEW.id AND (until IS NULL OR until > now())) THEN
            RAISE EXCEPTION 'who holds a seat is no administrator' USING ERRCODE = 'check_violation';
          END IF;
          RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER administrators_apart BEFORE INSERT OR UPDATE ON seat "
        "FOR EACH ROW EXECUTE FUNCTION keep_administrators_apart()"
    )
    op.execute(
        "CREATE TRIGGER administrators_apart BEFORE INSERT OR UPDATE OF admin_role ON person "
        "FOR EACH ROW EXECUTE FUNCTION keep_administrators_apart()"
    )


def _log() -> None:
    op.create_table(
        "account_event",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_event_person_id_person")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_account_event")),
    )
    op.create_index("ix_account_event_at", "account_event", ["at"])
    op.create_index(op.f("ix_account_event_person_id"), "account_event", ["person_id"])
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON account_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    for table in ("seat", "person"):
        op.execute(f"DROP TRIGGER administrators_apart ON {table}")
    op.execute("DROP FUNCTION keep_administrators_apart()")
    for table in ("account_invitation", "proposal", "recovery_code", "second_factor"):
        op.drop_table(table)
    for table in ("account_event", "known_browser", "login_guess", "old_password"):
        op.drop_table(table)
    op.drop_constraint("uq_login_session_id", "login_session", type_="unique")
    for column in ("id", "waits_for", "address", "device"):
        op.drop_column("login_session", column)
    for name in ("known_admin_role", "password_has_login"):
        op.drop_constraint(name, "person", type_="check")
    for column in ("password_set_at", "must_change", "admin_role", "practice"):
        op.drop_column("person", column)
    op.execute("UPDATE person SET login = NULL WHERE password_hash IS NULL")
    op.create_check_constraint("login_has_password", "person", "(login IS NULL) = (password_hash IS NULL)")
    op.add_column("person", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("failed_logins", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("person", "failed_logins", server_default=None)
    op.drop_index("uq_person_login_folded", "person")
    op.create_index("uq_person_login_folded", "person", [sa.text("lower(login)")], unique=True)

"""Cases with their staff, sites of the widget, verdict codes, feedback; messages that are known by their sender's id."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("status <> 'closed'")


def upgrade() -> None:
    """Forward."""
    op.add_column("conversations", sa.Column("channel", sa.String(8), server_default="api", nullable=False))
    with op.batch_alter_table("messages", recreate="auto", table_kwargs={"sqlite_autoincrement": True}) as messages:
        messages.add_column(sa.Column("multiple", sa.Boolean(), server_default=sa.false(), nullable=False))
        messages.add_column(sa.Column("code", sa.String(8), nullable=True))
        messages.add_column(sa.Column("client_id", sa.String(64), nullable=True))
        messages.add_column(sa.Column("reply_to", sa.Integer(), nullable=True))
        messages.add_column(sa.Column("delivered_at", sa.DateTime(), nullable=True))
        messages.create_unique_constraint("uq_messages_conversation_id_client_id", ["conversation_id", "client_id"])
    # all that was said so far went out with the answer to its question
    op.execute("UPDATE messages SET delivered_at = created_at")
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("name", name="uq_staff_name"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE", name="fk_staff_sessions_staff_id_staff"),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])
    op.create_index("ix_staff_sessions_expires_at", "staff_sessions", ["expires_at"])
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(8), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("claimed_by", sa.Integer(), nullable=True),
        sa.Column("closed_how", sa.String(16), nullable=True),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE",
                                name="fk_cases_conversation_id_conversations"),
        sa.ForeignKeyConstraint(["claimed_by"], ["staff.id"], ondelete="SET NULL", name="fk_cases_claimed_by_staff"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cases_conversation_id", "cases", ["conversation_id"])
    op.create_index("ix_cases_status_opened_at", "cases", ["status", "opened_at"])
    op.create_index("uq_cases_open", "cases", ["conversation_id"], unique=True, sqlite_where=_IS_OPEN,
                    postgresql_where=_IS_OPEN)
    op.create_table(
        "sites",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sites"),
    )
    op.create_table(
        "verdicts",
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("region", sa.String(64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("kb_version", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_verdicts"),
    )
    op.create_index("ix_verdicts_created_at", "verdicts", ["created_at"])
    op.create_table(
        "feedback",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(4), nullable=False),
        sa.Column("reason", sa.String(20), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_feedback"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE",
                                name="fk_feedback_message_id_messages"),
    )
    op.create_index("ix_feedback_created_at", "feedback", ["created_at"])


def downgrade() -> None:
    """Back. What staff and system said goes as well: the earlier form knows only person and bot."""
    for table in ("feedback", "verdicts", "sites", "cases", "staff_sessions", "staff"):
        op.drop_table(table)
    op.execute("DELETE FROM messages WHERE author NOT IN ('person', 'bot')")
    with op.batch_alter_table("messages") as messages:
        messages.drop_constraint("uq_messages_conversation_id_client_id", type_="unique")
        for column in ("delivered_at", "reply_to", "client_id", "code", "multiple"):
            messages.drop_column(column)
    with op.batch_alter_table("conversations") as conversations:
        conversations.drop_column("channel")

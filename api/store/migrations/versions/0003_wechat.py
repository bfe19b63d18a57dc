"""WeChat: followers and the access token."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "wechat_followers",
        sa.Column("openid", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=True),
        sa.Column("scene", sa.String(64), nullable=True),
        sa.Column("last_scene", sa.String(64), nullable=True),
        sa.Column("subscribed_at", sa.DateTime(), nullable=True),
        sa.Column("last_message_at", sa.DateTime(), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("remainder", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("openid", name="pk_wechat_followers"),
        sa.UniqueConstraint("conversation_id", name="uq_wechat_followers_conversation_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="SET NULL",
                                name="fk_wechat_followers_conversation_id_conversations"),
    )
    op.create_index("ix_wechat_followers_last_message_at", "wechat_followers", ["last_message_at"])
    op.create_table(
        "wechat_tokens",
        sa.Column("app_id", sa.String(64), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("app_id", name="pk_wechat_tokens"),
    )


def downgrade() -> None:
    """Back."""
    for table in ("wechat_tokens", "wechat_followers"):
        op.drop_table(table)

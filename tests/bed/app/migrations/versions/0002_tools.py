"""tools, their versions, and snapshots of trying them"""
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.execute(
        """
        CREATE TABLE tools (
            slug text PRIMARY KEY,
            title text NOT NULL,
            is_published boolean NOT NULL DEFAULT true);
        CREATE TABLE tool_versions (
            slug text NOT NULL REFERENCES tools,
            number integer NOT NULL,
            source text NOT NULL,
            created_by text NOT NULL,
            PRIMARY KEY (slug, number));
        CREATE TABLE sandbox_snapshots (
            id bigserial PRIMARY KEY,
            slug text NOT NULL,
            expires_at timestamptz NOT NULL)
        """
    )

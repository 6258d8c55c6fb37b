"""users and who logged in"""
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute(
        """
        CREATE TABLE users (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            email text NOT NULL UNIQUE,
            role text NOT NULL,
            password text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE login_events (
            id bigserial PRIMARY KEY,
            email text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now())
        """
    )

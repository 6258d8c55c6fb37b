"""which tools a user likes"""
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.execute(
        """
        CREATE TABLE favourites (
            email text NOT NULL,
            slug text NOT NULL REFERENCES tools,
            PRIMARY KEY (email, slug))
        """
    )

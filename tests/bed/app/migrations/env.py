"""Where the database is that alembic works on."""
import logging.config
import os

from alembic import context
from sqlalchemy import create_engine

logging.config.fileConfig(context.config.config_file_name)
url = os.environ["DATABASE_URL"].replace("+asyncpg", "+psycopg2")
with create_engine(url).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

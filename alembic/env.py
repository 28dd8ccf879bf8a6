"""Runs migrations on the connection that the program hands over, so that there is one way to connect."""

import models
from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=models.metadata,
    compare_type=True,
    compare_server_default=False,
    include_object=models.is_ours,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()

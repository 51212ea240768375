enum GitNamespace {}

enum WorkspaceNamespace {}

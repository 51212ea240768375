enum PassesNamespace {}

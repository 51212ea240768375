enum BuildEngineNamespace {}

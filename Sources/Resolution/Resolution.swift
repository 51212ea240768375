enum ResolutionNamespace {}

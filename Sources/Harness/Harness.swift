enum HarnessNamespace {}

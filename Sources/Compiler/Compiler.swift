enum CompilerNamespace {}

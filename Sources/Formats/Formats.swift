enum FormatsNamespace {}

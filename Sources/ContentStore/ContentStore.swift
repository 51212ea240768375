enum ContentStoreNamespace {}

enum RegistryNamespace {}

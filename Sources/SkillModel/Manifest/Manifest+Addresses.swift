/// What the dependencies of a manifest mean to those who read it elsewhere: a registry's name is its own, the address is
/// everybody's (decision 0073).
extension Manifest {
    /// The dependencies with the addresses of `[registries]` in the place of names. What names no registry, and has no `default`
    /// here, is left as it is.
    package var addressedDependencies: [ManifestDependency] {
        dependencies.map { dependency in
            guard case .registry(let range, let name) = dependency.source, let url = registries[name ?? "default"]
            else { return dependency }
            return dependency.with(.registry(range, registry: url.description))
        }
    }

    /// Whether something in it comes from a registry that it doesn't say.
    package var leavesDefaultOpen: Bool {
        registries["default"] == nil
            && dependencies.contains { if case .registry(_, nil) = $0.source { true } else { false } }
    }
}

extension ManifestDependency {
    package func with(_ source: Source) -> ManifestDependency {
        var copy = self
        copy.source = source
        return copy
    }

    /// The same from `registry`, a name or an address, where it is from one that is not said.
    package func from(registry: String) -> ManifestDependency {
        guard case .registry(let range, nil) = source else { return self }
        return with(.registry(range, registry: registry))
    }
}

import Testing

@testable import SkillModel

@Suite struct `The names that packages are installed under` {
    private let main = PackageSource.embedded

    private func package(_ name: String, _ source: String, wanted: String? = nil) -> InstalledNames.Package {
        .init(PackageName(name)!, PackageSource(source)!, wanted: wanted.map { PackageName($0)! })
    }

    private func names(_ packages: [InstalledNames.Package]) -> [String] {
        InstalledNames.assign(packages, main: main).map(\.description)
    }

    @Test func `are the packages' own where nobody else has them`() {
        #expect(
            names([package("charts", "registry+embedded"), package("notes", "path+../notes")]) == ["charts", "notes"])
        #expect(names([]) == [])
    }

    @Test func `a manifest's name goes before all others`() {
        let packages = [
            package("charts", "registry+embedded"),
            package("charts", "git+https://example.org/acme/skills#charts", wanted: "charts"),
            package("notes", "path+../n", wanted: "my-notes"),
        ]
        #expect(names(packages) == ["charts-embedded", "charts", "my-notes"])
    }

    @Test func `the default registry's package keeps its name, then registries, then repositories`() {
        let packages = [
            package("charts", "git+https://example.org/acme/charts.git"), package("charts", "registry+embedded"),
            package("charts", "registry+https://example.org/team/registry.git"),
        ]
        #expect(names(packages) == ["charts-acme", "charts", "charts-team"])
        #expect(names([packages[0], packages[2]]) == ["charts-acme", "charts"])
    }

    @Test func `the order in which packages were found has no say`() {
        let packages = [
            package("charts", "git+https://a.example/x/charts"), package("charts", "git+https://b.example/x/charts"),
            package("charts", "registry+embedded"), package("charts-x", "registry+embedded"),
            package("charts", "git+https://example.org/skills", wanted: "plots"),
        ]
        let expected = Dictionary(uniqueKeysWithValues: zip(packages, names(packages)))
        #expect(Set(expected.values).count == packages.count)
        var order = packages
        for _ in 0..<order.count {
            order.append(order.removeFirst())
            for (package, name) in zip(order, names(order)) { #expect(expected[package] == name) }
            for (package, name) in zip(order.reversed(), names(order.reversed())) { #expect(expected[package] == name) }
        }
    }

    @Test func `a word that two would get, or another package has, is replaced by a part of the digest`() {
        let both = names([
            package("charts", "registry+embedded"), package("charts", "git+https://a.example/x/charts"),
            package("charts", "git+https://b.example/x/charts"),
        ])
        #expect(both[0] == "charts" && both[1] != both[2])
        for name in both.dropFirst() { #expect(name.hasPrefix("charts-") && name.count == 15, "\(name)") }
        let taken = names([
            package("charts", "registry+embedded"), package("charts", "git+https://a.example/x/charts"),
            package("charts-x", "registry+embedded"),
        ])
        #expect(taken[0] == "charts" && taken[2] == "charts-x" && taken[1].count == 15)
    }

    @Test func `a name is always one, however long and odd the source's`() {
        let long = String(repeating: "a", count: 38) + "-" + String(repeating: "b", count: 25)
        for source in [
            "git+https://example.org/Ünï/…", "git+https://example.org/-x-/-", "path+../..", "path+..",
            "git+https://example.org/" + String(repeating: "z", count: 300), "git+git@example.org:skills",
        ] {
            guard let other = PackageSource(source) else { continue }
            let found = InstalledNames.assign(
                [.init(PackageName(long)!, .embedded), .init(PackageName(long)!, other)], main: main)
            #expect(found[0].description == long && found[1] != found[0], "\(source)")
        }
        // A lock that somebody wrote by hand: not even the commit tells them apart.
        let same = package("charts", "git+https://a.example/x/charts")
        #expect(Set(names([same, same, same, same])).count == 4)
    }
}

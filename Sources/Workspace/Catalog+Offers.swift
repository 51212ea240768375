import Basics
import Registry
import SkillModel

/// What a catalogue knows of the versions of one package.
extension Catalog {
    /// A version with what the source says of it.
    struct Offer: Sendable {
        var version: Version
        var isYanked: Bool = false
        var known: Known

        var release: PackageRelease? { if case .release(let release) = known { release } else { nil } }
        var dependencies: [ManifestDependency] {
            switch known {
            case .release(let release): release.dependencies
            case .folder(let manifest): manifest?.dependencies ?? []
            case .record(let dependencies): dependencies
            case .line, .candidate, .hub: []
            }
        }
        var requires: [Demand] {
            switch known {
            case .release(let release): release.requires
            case .folder(let manifest): manifest?.package?.requires ?? []
            // What the lock has was found to be supplied when it was locked.
            case .record, .line, .candidate, .hub: []
            }
        }
    }

    /// What there is of one package, the oldest version first, each once.
    struct Offers: Sendable {
        private(set) var all: [Offer]

        /// Of those that are the same version, the first counts. O(n) when they come in order.
        init(_ offers: [Offer]) {
            all = offers
            if zip(offers, offers.dropFirst()).allSatisfy({ $0.version < $1.version }) { return }
            let table = Dictionary(offers.map { ($0.version, $0) }, uniquingKeysWith: { first, _ in first })
            all = table.values.sorted { $0.version < $1.version }
        }

        var versions: [Version] { all.map(\.version) }

        private func place(of version: Version) -> Int? {
            let place = all.indices.firstSorted { !(all[$0].version < version) }
            return place < all.count && all[place].version == version ? place : nil
        }

        subscript(version: Version) -> Offer? { place(of: version).map { all[$0] } }

        mutating func learn(_ release: PackageRelease, of version: Version) {
            if let place = place(of: version) { all[place].known = .release(release) }
        }
    }

    /// How much is known of a version. Behind a reference: of thousands that are offered, little more is ever asked.
    indirect enum Known: Sendable {
        /// A line of an index that was not read yet.
        case line
        case candidate(GitPackage.Candidate)
        /// On a hub: its files are not asked for before they are looked at.
        case hub(HubVersion)
        case folder(Manifest?)
        /// As the lock has it, of a registry that is not asked: what it depends on.
        case record([ManifestDependency])
        case release(PackageRelease)
    }
}

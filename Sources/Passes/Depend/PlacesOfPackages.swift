import Basics
import Formats
import SkillModel

/// The packages that a skill takes from places of its own by a setting: of its files, of what its commands set, or of a settings
/// file that it shows. Which command or file comes first is not looked at: under its bare name none of them is installed.
struct PlacesOfPackages {
    private var kinds: Set<Dependency.Kind> = []
    private var names: Set<BundledFile.Place> = []

    init(_ reading: SkillReading) {
        for place in reading.document.files.flatMap({ $0.places ?? [] }) { add(place) }
        for invocation in reading.invocations {
            for place in PackagePlace.set(invocation.words[...], assignments: invocation.assignments) { add(place) }
        }
        for fragment in reading.document.fragments where Self.languages.contains(fragment.language) {
            for place in PlaceLines.read(fragment.text, isShell: fragment.language == "bash") { add(place) }
        }
    }

    /// In which settings are shown; of code in others a name like `index_url` is a variable's.
    private static let languages: Set<String> = [
        "", "bash", "ini", "conf", "cfg", "toml", "text", "txt", "npmrc", "properties", "dockerfile", "docker", "env",
        "dotenv", "yaml",
    ]

    private mutating func add(_ place: BundledFile.Place) {
        if place.name == nil { kinds.insert(place.kind) } else { names.insert(Self.plain(place)) }
    }

    /// The same with those marked that come from elsewhere; one command that says so of a name is enough.
    func marking(_ found: [Dependency]) -> [Dependency] {
        var (kinds, names) = (kinds, names)
        for dependency in found {
            if dependency.isElsewhere == true { names.insert(Self.plain(.init(dependency.kind, of: dependency.name))) }
            // A text that asks for `PIP_INDEX_URL` says that there is an index.
            if dependency.kind == .env, let kind = PackagePlace.kind(ofVariable: dependency.name) { kinds.insert(kind) }
        }
        return found.map { dependency in
            var dependency = dependency
            let name = Self.plain(.init(dependency.kind, of: dependency.name))
            let scope = name.name?.split(separator: "/").first.map(String.init)
            let isNamed = names.contains(name) || names.contains(.init(dependency.kind, of: scope))
            if isNamed || kinds.contains(dependency.kind) { dependency.isElsewhere = true }
            return dependency
        }
    }

    /// A name as its registry compares it.
    private static func plain(_ place: BundledFile.Place) -> BundledFile.Place {
        guard let name = place.name?.lowercased() else { return place }
        guard place.kind == .pip else { return .init(place.kind, of: name) }
        let parts = name.prefix { $0 != "[" }.split { $0 == "-" || $0 == "_" || $0 == "." }
        return .init(.pip, of: parts.joined(separator: "-"))
    }
}

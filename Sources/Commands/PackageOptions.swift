import ArgumentParser
import Workspace

/// `-p` of a command that works on all packages unless told otherwise.
struct PackageOptions: ParsableArguments {
    static let help: ArgumentHelp = ArgumentHelp(
        "Only these packages; `*` stands for any part of a name. May be given several times.", valueName: "name")

    @Option(name: .shortAndLong, help: help, completion: .names(of: .packages)) var package: [String] = []

    var selection: PackageSelection { package.isEmpty ? .all : PackageSelection(package) }
}

/// `-p` and `--workspace` of a command that, inside of a workspace's member, works on that member.
struct MemberOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: PackageOptions.help, completion: .names(of: .packages)) var package: [String] =
        []
    @Flag(
        name: [.customLong("workspace"), .customLong("all")],
        help: "All of the workspace, also inside of a member.") var workspace = false

    mutating func validate() throws {
        if workspace, !package.isEmpty { throw ValidationError("-p and --workspace don't go together") }
    }

    var selection: PackageSelection { PackageSelection(package, isAll: workspace) }
}

/// `-p` of a command for one package, which may also be named by an argument or by the member that it is run in.
struct OnePackageOption: ParsableArguments {
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The package; `*` stands for any part of its name.", valueName: "name"),
        completion: .names(of: .packages))
    var package: String?

    /// Throws a `ValidationError` for two names.
    func selection(_ argument: String?) throws -> PackageSelection {
        if argument != nil, package != nil { throw ValidationError("name the package once: by -p or without") }
        return PackageSelection([argument ?? package].compactMap { $0 })
    }
}

/// What is meant of the repositories whose skills are added.
struct SourceOptions: ParsableArguments {
    @Flag(help: "All skills of the repository, folder or index.") var all = false
    @Option(help: "The repository's branch to follow.") var branch: String?
    @Option(help: "The repository's tag to stay at.") var tag: String?
    @Option(help: "The repository's commit to stay at.") var rev: String?

    var isUsed: Bool { all || branch != nil || tag != nil || rev != nil }

    mutating func validate() throws {
        if [branch, tag, rev].compactMap({ $0 }).count > 1 {
            throw ValidationError("--branch, --tag and --rev each say another commit: give one")
        }
    }

    func selection() throws -> AddSelection {
        try AddSelection(isAll: all, branch: branch, tag: tag, revision: rev)
    }
}

/// `-p` of a command that edits manifests.
struct EditedOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The members whose skvm.toml is changed; inside of one it is that, else the project's.", valueName: "name"),
        completion: .names(of: .members))
    var package: [String] = []

    var selection: PackageSelection { PackageSelection(package) }
}

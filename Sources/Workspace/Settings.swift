package import Basics

/// All that a command may depend on beside the project's files. `Commands` makes it from arguments and environment; nothing
/// below reads either.
package struct Settings: Sendable {
    /// Absolute. Where the search for a project begins.
    package var workingDirectory: String
    /// Whether the user named that folder (`-C`) and does not merely stand in it.
    package var namesDirectory = false
    /// Absolute. Content store, action cache, repositories.
    package var cacheDirectory: String
    /// Absolute. `config.toml`, and the user's own manifest, its lock and state.
    package var configDirectory: String
    /// Absolute. What is installed into the user's harness folders, by whichever manifest.
    package var stateDirectory: String
    /// The variables that harness folders may name, with `HOME`.
    package var environment: [String: String]

    package var flags = Flags()
    /// Told what is going on, one line at a time.
    package var progress: @Sendable (String) -> Void
    /// Told how far what comes over the network is.
    package var transfers: @Sendable (TransferEvent) -> Void = { _ in }

    package init(
        workingDirectory: String, cacheDirectory: String, configDirectory: String, stateDirectory: String,
        environment: [String: String],
        flags: Flags = Flags(), progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.workingDirectory = workingDirectory
        self.cacheDirectory = cacheDirectory
        self.configDirectory = configDirectory
        self.stateDirectory = stateDirectory
        self.environment = environment
        self.flags = flags
        self.progress = progress
    }

    package var home: String { environment["HOME"] ?? "/" }
}

/// The options that every command has.
package struct Flags: Sendable, Equatable {
    /// The lock must be right: a build that would change it fails.
    package var locked = false
    /// Nothing touches the network.
    package var offline = false
    /// Threads; at least 1.
    package var jobs = 1
    /// Go on with the other skills after one failed.
    package var keepGoing = false
    /// A report's lists of what did not change may be left out: only their lengths will be shown.
    package var brief = false
    /// Say what would be done, change nothing.
    package var dryRun = false
    /// Whose manifest: the user's own, wherever the command is run (`--global`), else a project's.
    package var global = false
    /// Which folders: a project's skills go to the user's harness folders instead of the project's (`--user`).
    package var user = false
    /// The command that is run, as a shell takes it; nil where an advice needs no more than its name.
    package var again: String?
    /// What other projects put into the user's folders gives way to this one's (`install --take-over`).
    package var takesOver = false

    /// Whether the folders meant are the user's: those of the user's own manifest always are.
    package var meansUserFolders: Bool { global || user }

    package init() {}
}

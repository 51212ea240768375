import ArgumentParser
import Basics
import Workspace

struct InitCommand: SkvmSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make this folder a skvm project: write skvm.toml.")
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        let report = try options.workspace().initialize()
        try finish(report)
    }
}

struct NewCommand: SkvmSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Write a new skill that builds, or with --pass a custom pass of this project.")
    @Argument(help: "The skill's name; also its folder.") var name: String?
    @Option(name: .customLong("pass"), help: "Write a custom pass of this name and declare it in skvm.toml.")
    var pass: String?
    @Option(help: "Of the pass: python or swift.") var language: PassLanguage?
    @Option(help: "Copy a pass that skvm brings along: slim or outline.") var from: String?
    @OptionGroup var options: GlobalOptions

    mutating func validate() throws {
        if (name == nil) == (pass == nil) { throw ValidationError("give a skill's NAME, or --pass NAME") }
        if pass == nil, language != nil || from != nil {
            throw ValidationError("--language and --from are for --pass")
        }
    }

    mutating func run() async throws {
        let workspace = try options.workspace()
        if let pass {
            try options.show(try await workspace.newPass(pass, language: language, from: from))
        } else if let name {
            try options.show(try workspace.newSkill(name))
        }
    }
}

extension PassLanguage: ExpressibleByArgument {}

struct AddCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add skills to skvm.toml and skvm.lock. `skvm install NAME` also installs them.",
        discussion: """
            A skill is named by
              NAME[@RANGE]               from the registry
              GIT-URL[#SKILL][@RANGE]    from any git repository: SKILL is a folder,
                                         its name, or a plugin of the repository's
                                         marketplace file;
                                         or a folder's page on GitHub or GitLab;
                                         github:OWNER/REPOSITORY for short;
                                         git+… as skvm.lock and `skvm tree` have it
              HOST-URL[#SKILL], URL.zip  from a web server: its well-known index,
                                         a file
              @OWNER/NAME[@RANGE]        from a ClawHub, which [registries] names
              ./FOLDER[#SKILL]           from this machine
            --all takes all skills of a repository (or those below #FOLDER);
            --branch, --tag and --rev say what of it.

            Inside of a workspace's member they are added to its skvm.toml.
            """)
    @Argument(help: "Skills to add.") var skills: [String]
    @OptionGroup var source: SourceOptions
    @OptionGroup var edited: EditedOptions
    @Option(
        help: "The registry to take them from, by its name in skvm.toml; `embedded` is the one built into skvm.",
        completion: .names(of: .registries))
    var registry: String?
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        let workspace = try options.workspace(global: global)
        let report = try await workspace.add(
            skills, to: edited.selection, registry: registry, install: false, try source.selection())
        try finish(report)
    }
}

struct RemoveCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove skills from skvm.toml and take away what was installed of them.",
        discussion: """
            What this project installed of them, in its own folders and in yours, goes with what only they needed; what is \
            not skvm's stays, and so does what another project or your own skvm.toml needs. Inside of a workspace's member they are removed \
            from its skvm.toml.

            What a project that you deleted has left in your own folders: `skvm remove --user NAME`, anywhere; `skvm doctor` \
            names it.
            """)
    @Argument(help: "Names of skills.", completion: .names(of: .dependencies)) var names: [String]
    @OptionGroup var edited: EditedOptions
    @Flag(help: "Remove files that were edited, too.") var force = false
    @Flag(help: "Only from your own harness folders, where `skvm install --user` put them; the project keeps them.")
    var user = false
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func validate() throws {
        try GlobalOptions.requireOne(user: user, global: global)
        if user, !edited.package.isEmpty {
            throw ValidationError("--user is for what the project installed: leave -p out")
        }
    }

    mutating func run() async throws {
        let workspace = try options.workspace(global: global, user: user)
        try finish(
            user
                ? try await workspace.removeForUser(names, force: force)
                : try await workspace.remove(names, from: edited.selection, force: force))
    }
}

struct InstallCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Compile the project's skills for its targets and put them where the harnesses look.",
        discussion: """
            With names, these are added to the project first, as `skvm add` does. A workspace's own members are built, not \
            installed, unless the project depends on them.
            """)
    @Argument(help: "Skills to add first (as in `skvm add`).") var skills: [String] = []
    @OptionGroup var source: SourceOptions
    @OptionGroup var packages: PackageOptions
    @Option(name: .shortAndLong, help: "Only these targets.", completion: .names(of: .targets))
    var target: [String] = []
    @Option(
        help: "The registry to take added skills from; `embedded` is the one built into skvm.",
        completion: .names(of: .registries))
    var registry: String?
    @Flag(help: GlobalOptions.userHelp) var user = false
    @Flag(help: "With --user or --global: where another project has another variant of a skill, put this one there.")
    var takeOver = false
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func validate() throws {
        try GlobalOptions.requireOne(user: user, global: global)
        if takeOver, !user, !global {
            throw ValidationError("--take-over is for your own folders: give --user or --global, too")
        }
        if source.isUsed, skills.isEmpty {
            throw ValidationError(
                "--all, --branch, --tag and --rev are for skills that are added: name their repository")
        }
        if !packages.package.isEmpty, !skills.isEmpty {
            throw ValidationError("-p installs packages that the project has: leave the other names out")
        }
    }

    mutating func run() async throws {
        let workspace = try options.workspace(global: global, user: user, takesOver: takeOver)
        let report =
            skills.isEmpty
            ? try await workspace.install(targets: target, packages: packages.selection)
            : try await workspace.add(
                skills, registry: registry, install: true, targets: target, try source.selection())
        try finish(report)
    }
}

struct TargetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "target", abstract: "Add, remove and list targets: model × harness × environment.",
        subcommands: [Add.self, Remove.self, List.self], defaultSubcommand: List.self)

    struct Add: ManifestSubcommand {
        static let reportName = "target"
        static let configuration = CommandConfiguration(
            abstract: "Add a target to skvm.toml.",
            discussion: """
                `skvm target list --known` shows the models that are measured, the harnesses and the environments.
                """)
        @Argument(help: "A name for it.") var name: String
        @Option(help: "The model, as profiles name it: qwen/qwen3.5-9b.", completion: .names(of: .models))
        var model: String
        @Option(
            help: "The harness: claude-code, codex, opencode, openclaw, hermes, …", completion: .names(of: .harnesses))
        var harness: String
        @Option(help: "An environment's name, a file, or `host`.", completion: .names(of: .environments))
        var environment = "host"
        @Option(help: "A profile's file, instead of the registry's.") var profile: String?
        @Option(help: "Tokens of the model's context window, where it is run with another than registries know.")
        var context: Int?
        @Option(help: "Characters of skills' descriptions that the harness lists, where it is set to another number.")
        var listing: Int?
        @Flag(help: "Replace a target of that name, and pin it anew.") var force = false
        @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            let report = try await options.workspace(global: global).addTarget(
                name, model: model, harness: harness, environment: environment, profile: profile,
                context: context, listing: listing, force: force)
            try finish(report)
        }
    }

    struct Remove: ManifestSubcommand {
        static let reportName = "target"
        static let configuration = CommandConfiguration(abstract: "Remove a target from skvm.toml.")
        @Argument(help: "Its name.", completion: .names(of: .targets)) var name: String
        @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try finish(try await options.workspace(global: global).removeTarget(name))
        }
    }

    struct List: ManifestSubcommand {
        static let reportName = "target"
        static let configuration = CommandConfiguration(
            abstract:
                "The project's targets with what is known of them; with --known, every harness, profile and environment."
        )
        @Flag(help: "What the registries know: harnesses, profiles, environments.") var known = false
        @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            let workspace = try options.workspace(global: global)
            if known {
                try finish(try await workspace.knownFacts(), isAnswer: true)
            } else {
                let report = try await workspace.targets()
                // What is said where there is none is advice.
                let isAdvice = global && report.targets.isEmpty
                try options.finish(report, isAnswer: true, words: isAdvice ? Advice.forUsersOwn : { $0 })
            }
        }
    }
}

struct RegistryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry", abstract: "Add, remove, list and update registries; keep one of your own.",
        subcommands: [
            Add.self, Remove.self, List.self, Update.self, RegistryInit.self, RegistryIndex.self, RegistryCheck.self,
            RegistryAccept.self,
        ], defaultSubcommand: List.self)

    struct Add: ManifestSubcommand {
        static let reportName = "registry"
        static let configuration = CommandConfiguration(abstract: "Add a registry to skvm.toml.")
        @Argument(help: "A name for it; `default` is the one that plain names come from.") var name: String
        @Argument(help: "A git URL, a folder, or `clawhub+https://HOST` for a ClawHub.") var location: String
        @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try finish(try await options.workspace(global: global).addRegistry(name, location: location))
        }
    }

    struct Remove: ManifestSubcommand {
        static let reportName = "registry"
        static let configuration = CommandConfiguration(abstract: "Remove a registry from skvm.toml.")
        @Argument(help: "Its name.", completion: .names(of: .registries)) var name: String
        @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try finish(try await options.workspace(global: global).removeRegistry(name))
        }
    }

    struct List: ManifestSubcommand {
        static let reportName = "registry"
        static let configuration = CommandConfiguration(abstract: "The registries in use and their packages' number.")
        @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try finish(try await options.workspace(global: global).registries(), isAnswer: true)
        }
    }

    struct Update: ManifestSubcommand {
        static let reportName = "registry"
        static let configuration = CommandConfiguration(abstract: "Fetch what is new in the registries.")
        @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try finish(try await options.workspace(global: global).updateRegistries())
        }
    }
}

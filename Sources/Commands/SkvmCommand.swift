import ArgumentParser

/// The command line of skvm.
struct SkvmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skvm",
        abstract: "The build system and package manager for agent skills.",
        discussion: """
            Skills are packages: skvm fetches them, compiles each for the model, harness and machine it will run on, and pins \
            every compiled variant in skvm.lock.

            A new project:   skvm init
                             skvm target add my --model qwen/qwen3.5-9b --harness openclaw
                             skvm add pdf-tables
            A skill repo:    skvm build, then skvm explain NAME
            """,
        version: skvmVersion,
        groupedSubcommands: [
            CommandGroup(
                name: "Project",
                subcommands: [
                    InitCommand.self, NewCommand.self, AddCommand.self, RemoveCommand.self, InstallCommand.self,
                    BindCommand.self, UpdateCommand.self, ImportCommand.self, TargetCommand.self, RegistryCommand.self,
                    LockCommand.self,
                    VendorCommand.self, TrustCommand.self,
                ]),
            CommandGroup(
                name: "Look",
                subcommands: [
                    SearchCommand.self, InfoCommand.self, OutdatedCommand.self, TreeCommand.self, WhyCommand.self,
                ]),
            CommandGroup(
                name: "Build",
                subcommands: [
                    BuildCommand.self, CheckCommand.self, InspectCommand.self, ExplainCommand.self, GraphCommand.self,
                    DiffCommand.self,
                ]),
            CommandGroup(name: "Publish", subcommands: [PublishCommand.self, YankCommand.self]),
            CommandGroup(
                name: "State",
                subcommands: [
                    VerifyCommand.self, DigestCommand.self, CleanCommand.self, GcCommand.self, CacheCommand.self,
                    DoctorCommand.self, CompletionsCommand.self,
                ]),
        ])
}

/// The version of this build.
let skvmVersion = "0.1.0"

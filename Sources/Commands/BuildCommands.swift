import ArgumentParser
import Basics
import Workspace

struct BuildCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Compile the project's skills for every target.",
        discussion: "Only the passes whose inputs changed run; `skvm explain NAME` says why.")
    @OptionGroup var members: MemberOptions
    @Option(name: .shortAndLong, help: "Only these targets.", completion: .names(of: .targets))
    var target: [String] = []
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try finish(try await options.workspace(global: global).build(packages: members.selection, targets: target))
    }
}

struct CheckCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check skills without building: form, contents, demands that no target can meet.",
        discussion: """
            Custom passes of skvm.toml are programs, and are not run: `skvm build` does, and tells what they refuse; `skvm check \
            --pass NAME` tries one on sample skills.
            """)
    @Argument(help: "Skill folders; without any, the project's skills.") var folders: [String] = []
    @OptionGroup var members: MemberOptions
    @Option(name: .customLong("pass"), help: "A custom pass of skvm.toml instead: run it over sample skills.")
    var pass: String?
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func validate() throws {
        if pass != nil, !folders.isEmpty {
            throw ValidationError("--pass checks a pass, not folders: give one of them")
        }
        if members.selection != [], pass != nil || !folders.isEmpty {
            throw ValidationError("-p and --workspace choose among the project's skills: leave the others out")
        }
    }

    mutating func run() async throws {
        if let pass { return try finish(try await options.workspace(global: global).checkPass(pass)) }
        let report = try await options.workspace(global: global).check(folders, packages: members.selection)
        try finish(report)
    }
}

struct InspectCommand: SkvmSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "What a skill demands, depends on and does, as the passes see it.")
    @Argument(help: "A skill's folder; inside of a member it may be left out.") var folder: String?
    @OptionGroup var one: OnePackageOption
    @Option(help: "Write a page for a browser to this file, with the text and what was seen in it.")
    var html: String?
    @OptionGroup var options: GlobalOptions

    mutating func validate() throws {
        if folder != nil, one.package != nil { throw ValidationError("give a folder or -p, not both") }
    }

    mutating func run() async throws {
        let workspace = try options.workspace()
        let folder = try self.folder ?? workspace.skillFolder(one.selection(nil))
        if let html {
            let report = try await workspace.inspectionPage(of: folder, to: html)
            return try options.show(report)
        }
        let inspection = try workspace.inspect(folder, width: options.json ? nil : Terminal.columns(of: .output))
        if options.json {
            try options.terminal.json(inspection)
        } else {
            options.terminal.show(inspection.diagnostics)
            options.terminal.data(inspection.text)
        }
        if let fault = inspection.fault { throw ExitCode(fault.rawValue) }
    }
}

struct ExplainCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why each pass of a skill last ran, down to the input, file or level that changed.")
    @Argument(
        help: "A package's name or folder; inside of a member it may be left out.", completion: .names(of: .packages))
    var name: String?
    @OptionGroup var one: OnePackageOption
    @Option(name: .shortAndLong, help: "Only for this target.", completion: .names(of: .targets)) var target: String?
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.show(try options.workspace(global: global).explain(one.selection(name), target: target))
    }
}

struct GraphCommand: ManifestSubcommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, dot, mermaid, json }

    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "The actions of a build: what feeds what.")
    @Argument(help: "Only this package.", completion: .names(of: .packages)) var name: String?
    @OptionGroup var members: MemberOptions
    @Option(name: .shortAndLong, help: "Only this target.", completion: .names(of: .targets)) var target: String?
    @Option(help: "text, dot, mermaid or json.") var format = Format.text
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        var packages = members.selection
        if let name { packages.patterns.append(name) }
        let graph = try await options.workspace(global: global).graph(packages: packages, target: target)
        switch options.json ? .json : format {
        case .text: options.terminal.data(graph.text)
        case .dot: options.terminal.data(graph.dot)
        case .mermaid: options.terminal.data(graph.mermaid)
        case .json: try options.terminal.json(graph)
        }
    }
}

struct DiffCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Source → variant of a skill, with the rule and the gap of each edit.")
    @Argument(
        help: "A package's name or folder; inside of a member it may be left out.", completion: .names(of: .packages))
    var name: String?
    @OptionGroup var one: OnePackageOption
    @Option(
        name: .shortAndLong, help: "The target; may be left out when there is one.", completion: .names(of: .targets))
    var target: String?
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.show(try await options.workspace(global: global).diff(one.selection(name), target: target))
    }
}

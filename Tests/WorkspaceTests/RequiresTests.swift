import Basics
import Resolution
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// A registry whose `web` 1.0.0 asks for nothing and 2.0.0 for a browser at L2; `report` needs any `web`.
private func withBrowserWorld(
    _ levels: [String: [String: String]], _ dependencies: String,
    _ body: (ProjectWorld) async throws -> Void
) async throws {
    try await withScratch { scratch in
        let world = try ProjectWorld(scratch)
        let registry = try FolderRegistry(world.root + "/registry")
        try registry.publish("web", "1.0.0")
        var files = ProjectWorld.folder("web", version: "2.0.0")
        files["skvm.toml"] =
            "[package]\nname = \"web\"\nversion = \"2.0.0\"\nrequires = { \"tool.browser\" = \"L2\" }\n"
        try registry.publish("web", "2.0.0", requires: ["tool.browser": "L2"], files: files)
        try registry.publish("report", "1.0.0", dependencies: ["web": "^2"])
        let targets = try levels.sorted { $0.key < $1.key }.map { try world.putTarget($0.key, levels: $0.value) }
            .joined()
        try world.put([
            "skvm.toml": "[registries]\ndefault = \"\(registry.path)\"\n\n[dependencies]\n\(dependencies)\n\n\(targets)"
        ])
        try await body(world)
    }
}

@Suite struct `What a package requires of its agents` {
    @Test func `a version that no target can use is passed over`() async throws {
        try await withBrowserWorld(["weak": ["tool.browser": "L1"]], "web = \">=1\"") { world in
            #expect(try await world.build().ok)
            #expect(try world.lock.contains("name = \"web\"\nversion = \"1.0.0\"\n"))
            try await world.expectNothingToDo()
        }
        try await withBrowserWorld(["weak": ["tool.browser": "L1"], "strong": ["tool.browser": "L3"]], "web = \">=1\"")
        {
            world in
            let report = try await world.build()
            #expect(try world.lock.contains("name = \"web\"\nversion = \"2.0.0\"\n"))
            // The other target hears of it.
            #expect(report.diagnostics.filter { $0.severity != .note }.map(\.id) == ["requires.unmet"])
            #expect(report.diagnostics.contains { $0.message.contains("'weak' has L1") }, "\(report.diagnostics)")
        }
    }

    @Test func `the reasons name the capability, the targets' levels and the chain to the manifest`() async throws {
        try await withBrowserWorld(
            ["weak": ["tool.browser": "L1"], "weaker": ["tool.browser": "L0"]], "report = \"^1\""
        ) { world in
            let failure = await world.failure { try await world.build() }
            #expect(failure.map(\.id) == ["resolve.unsatisfiable"])
            let notes = failure.first?.notes.joined(separator: "\n") ?? ""
            #expect(
                notes.contains(
                    "needs tool.browser at L2, which no target supplies, not even lowered ('weak' has L1; 'weaker' has L0)"
                ), "\(notes)")
            #expect(
                notes.contains("report 1.0.0 needs web ^2") && notes.contains("the project needs report ^1"), "\(notes)"
            )
            #expect(failure.first?.hint?.contains("target") == true)
        }
    }

    @Test func `what was not measured is not L0`() async throws {
        try await withBrowserWorld(["unknown": [:]], "web = \">=1\"") { world in
            let report = try await world.build()
            #expect(try world.lock.contains("name = \"web\"\nversion = \"2.0.0\"\n"))
            #expect(report.diagnostics.contains { $0.id == "requires.unmeasured" && $0.severity == .note })
            #expect(!report.diagnostics.contains { $0.id == "requires.unmet" })
        }
    }

    @Test func `what lowering can help with keeps no version out`() {
        let weak = TargetSupply(targets: [.init(name: "weak", levels: [.genCodeShell: .l1, .toolBrowser: .l1])])
        #expect(weak.obstacle(to: [Demand(.genCodeShell, .l3)]) == nil)
        #expect(weak.obstacle(to: [Demand(.toolBrowser, .l2)]) != nil)
        #expect(TargetSupply(targets: []).obstacle(to: [Demand(.toolBrowser, .l2)]) == nil)
        // Each lacks another: then all of it is the reason.
        let split = TargetSupply(targets: [
            .init(name: "a", levels: [.toolBrowser: .l3, .toolWeb: .l0]),
            .init(name: "b", levels: [.toolBrowser: .l0, .toolWeb: .l3]),
        ])
        let found = split.obstacle(to: [Demand(.toolWeb, .l1), Demand(.toolBrowser, .l1)])
        #expect(found?.need == "tool.web at L1 and tool.browser at L1")
        #expect(
            found?.lack.contains("'a' has tool.web at L0; 'b' has tool.browser at L0") == true, "\(found?.lack ?? "")")
    }

    @Test func `a manifest's demands are read strictly`() throws {
        let head = "[package]\nname = \"a\"\nversion = \"1.0.0\"\n"
        let good = try Manifest(
            parsing: Array((head + "requires = { \"tool.web\" = \"L1\", \"gen.regex\" = \"L3\" }").utf8))
        #expect(good.package?.requires.map(\.description) == ["gen.regex at L3", "tool.web at L1"])
        for (text, id) in [
            ("requires = { \"tool.brouser\" = \"L2\" }", "manifest.requires"),
            ("requires = { \"tool.browser\" = \"L0\" }", "toml.value"),
            ("requires = { \"tool.browser\" = 2 }", "toml.wrong-type"),
        ] {
            let failure = #expect(throws: DiagnosticsError.self) { try Manifest(parsing: Array((head + text).utf8)) }
            #expect(failure?.diagnostics.count == 1, "\(text): \(failure?.diagnostics ?? [])")
            if id == "manifest.requires" { #expect(failure?.diagnostics.first?.hint == "did you mean 'tool.browser'?") }
        }
    }
}

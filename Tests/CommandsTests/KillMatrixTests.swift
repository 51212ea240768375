import Basics
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An installation into three harnesses' folders, disturbed at one of the system calls that change a disk.
///
/// There are some 1,600: each run takes a part of them, spread over all. With `SKVM_FULL_MATRIX=1` all are taken (a quarter
/// of an hour on two cores).
@Suite(.enabled(if: FaultInjector.isPossible)) struct `An installation into several folders` {
    enum Stage: String, Sendable, CaseIterable {
        case fresh, update, remove
    }

    private static let isFull = getenv("SKVM_FULL_MATRIX") != nil
    /// Of each stage and fault, unless all are taken.
    private static let sample = 12
    private static let roots = [".agents/skills", ".claude/skills", ".opencode/skills"]

    /// The places of `count` calls to try.
    private func places(_ count: Int) -> [Int] {
        if Self.isFull || count <= Self.sample { return Array(1...count) }
        // A fraction of a step further each time: not always the same call of a repeated sequence.
        return (0..<Self.sample).map { 1 + $0 * (count - 1) / (Self.sample - 1) }
    }

    private static let manifest = """
        # mine
        [dependencies]
        own = { path = "own" }
        palette = "*"

        """
        + ["a bare-agent", "b claude-code", "c opencode"].map { line in
            let words = line.split(separator: " ")
            return "[targets.\(words[0])]\nmodel = \"qwen/qwen3.5-9b\"\nharness = \"\(words[1])\"\n"
                + "environment = \"debian-12-x86_64\"\n"
        }.joined()

    /// Before a stage: a project as it is then, with its cache, in folders that are copied for each run.
    private struct Template {
        var stage: Stage
        var folder: String
        var arguments: [String] { stage == .remove ? ["remove", "own"] : ["install"] }
    }

    private static let parts = ["project", "cache", "state", "config"]

    private func copy(_ from: String, to: String) async throws {
        for part in Self.parts {
            try? FileSystem.removeTree("\(to)/\(part)")
            guard FileSystem.exists("\(from)/\(part)") else { continue }
            let result = try await Program("cp", ["-a", "\(from)/\(part)", "\(to)/\(part)"]).run()
            guard result.succeeded else { throw TestServerError(result.errorText) }
        }
    }

    private func prepare(_ stage: Stage, _ world: CommandWorld) async throws -> Template {
        try write(
            ["skvm.toml": Self.manifest, "own/SKILL.md": CommandWorld.skill, "mine/notes.md": "mine\n"],
            in: world.project)
        if stage != .fresh {
            try await world.done("install", "-q")
            // What the user did since: a file of their own, and a change in one of skvm's.
            try write([".claude/skills/palette/mine.md": "mine\n"], in: world.project)
            // An edited skill is not removed: that is refused, and so the edit is in the one that stays.
            let edited = world.project + "/.agents/skills/\(stage == .remove ? "palette" : "own")/SKILL.md"
            try FileSystem.write(Array(("# edited\n" + (try FileSystem.readText(edited))).utf8), to: edited)
            try write(["own/SKILL.md": CommandWorld.skill + "\nOne line more.\n"], in: world.project)
        }
        let folder = world.scratch + "/template"
        try FileSystem.makeDirectories(folder)
        try await copy(world.scratch, to: folder)
        return Template(stage: stage, folder: folder)
    }

    /// What a user sees: their own files, the lock, all that stands in the harnesses' folders, by skill.
    private func state(_ world: CommandWorld) throws -> [String: [String: String]] {
        var state = [
            "": try world.snapshot(world.project).filter { path, _ in
                !Self.roots.contains { path.hasPrefix($0) }
            }
        ]
        for root in Self.roots where FileSystem.isDirectory("\(world.project)/\(root)") {
            for skill in try FileSystem.list("\(world.project)/\(root)") where !skill.hasPrefix(".skvm-") {
                state["\(root)/\(skill)"] = try world.snapshot("\(world.project)/\(root)/\(skill)")
            }
        }
        return state
    }

    private func run(_ template: Template, _ world: CommandWorld, under wrapper: [String] = []) async throws
        -> ProgramResult
    {
        try await world.run(wrapper + [try CommandWorld.binary()] + template.arguments + ["-q"])
    }

    /// Runs `body` for some places at which the stage can be disturbed, each time on a fresh copy, with the states before
    /// and after an undisturbed run. Returns how often it was true that the run was disturbed.
    private func disturbing(
        _ stage: Stage, _ body: (CommandWorld, Template, FaultInjector, Int, States) async throws -> Bool
    ) async throws -> Int {
        var done = 0
        try await withCommandWorld { world in
            let tools = world.scratch + "/tools"
            try FileSystem.makeDirectories(tools)
            let injector = try await FaultInjector(in: tools)
            let template = try await prepare(stage, world)
            let old = try state(world)
            let whole = try await run(template, world, under: injector.wrapper(.none))
            try #require(whole.succeeded, "\(whole.errorText)")
            let states = States(old: old, new: try state(world))
            for place in places(try injector.calls()) {
                try await copy(template.folder, to: world.scratch)
                if try await body(world, template, injector, place, states) { done += 1 }
            }
        }
        return done
    }

    private struct States {
        var old: [String: [String: String]]
        var new: [String: [String: String]]
    }

    /// Each skill in each folder is what it was or what it will be, never a mixture.
    private func expectOldOrNew(_ world: CommandWorld, _ states: States, _ note: String) throws {
        let now = try state(world)
        for place in Set(now.keys).union(states.old.keys).union(states.new.keys) where !place.isEmpty {
            #expect(now[place] == states.old[place] || now[place] == states.new[place], "\(note): \(place)")
        }
        #expect(now[""]?["mine/notes.md"] == "mine\n", "\(note)")
        for file in ["skvm.toml", "skvm.lock", "own/SKILL.md"] {
            let isKnown = now[""]?[file] == states.old[""]?[file] || now[""]?[file] == states.new[""]?[file]
            #expect(isKnown, "\(note): \(file)")
        }
    }

    /// The next run ends as an undisturbed one, and leaves nothing behind.
    private func expectCompletion(
        _ world: CommandWorld, _ template: Template, _ states: States, _ note: String
    ) async throws {
        let again = try await run(template, world)
        // A removal that was complete but for its last word has nothing left to remove.
        let wasDone = template.stage == .remove && again.errorText.contains("[remove.unknown]")
        #expect(again.succeeded || wasDone, "\(note): \(again.errorText)")
        if wasDone { try await world.done("install", "-q") }
        let now = try state(world)
        #expect(now == states.new, "\(note): \(difference(now, states.new))")
        let left = try (Self.roots + [""]).flatMap { root in
            let folder = "\(world.project)/\(root)"
            return FileSystem.isDirectory(folder) ? try FileSystem.list(folder).filter { $0.hasPrefix(".skvm-") } : []
        }
        #expect(left.isEmpty, "\(note): \(left)")
        #expect(!FileSystem.exists(world.project + "/.skvm/journal.json"), "\(note)")
    }

    private func difference(_ a: [String: [String: String]], _ b: [String: [String: String]]) -> [String] {
        Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.sorted().flatMap { place in
            let (x, y) = (a[place] ?? [:], b[place] ?? [:])
            return Set(x.keys).union(y.keys).filter { x[$0] != y[$0] }.sorted().map { "\(place)/\($0)" }
        }
    }

    @Test(arguments: Stage.allCases)
    func `killed before any call that writes is completed by the next run`(stage: Stage) async throws {
        let count = try await disturbing(stage) { world, template, injector, place, states in
            let note = "\(stage) killed at \(place)"
            let killed = try await run(template, world, under: injector.wrapper(.kill(at: place)))
            guard killed.status == 137 else {
                // Threads take turns: a run may have some calls less.
                #expect(killed.succeeded, "\(note): \(killed.status) \(killed.errorText)")
                return false
            }
            try expectOldOrNew(world, states, note)
            try await expectCompletion(world, template, states, note)
            return true
        }
        print("\(stage): killed at \(count) system calls")
    }

    @Test(arguments: Stage.allCases, [ENOSPC, EIO])
    func `where a call fails says so, or does without it`(stage: Stage, code: Int32) async throws {
        let count = try await disturbing(stage) { world, template, injector, place, states in
            let note = "\(stage), error \(code) at \(place)"
            let failed = try await run(template, world, under: injector.wrapper(.error(at: place, code)))
            if !failed.succeeded {
                #expect(failed.status == 6, "\(note): \(failed.status) \(failed.errorText)")
                #expect(
                    failed.errorText.contains("error: ") && failed.errorText.contains("hint: "),
                    "\(note): \(failed.errorText)")
            }
            try expectOldOrNew(world, states, note)
            try await expectCompletion(world, template, states, note)
            return true
        }
        print("\(stage): error \(code) at \(count) system calls")
    }

    @Test(arguments: Stage.allCases)
    func `on a disk that fills up ends in the old state or the new one`(stage: Stage) async throws {
        let count = try await disturbing(stage) { world, template, injector, place, states in
            let note = "\(stage), full from \(place)"
            let failed = try await run(template, world, under: injector.wrapper(.full(from: place, ENOSPC)))
            if !failed.succeeded {
                #expect(failed.status == 6, "\(note): \(failed.status) \(failed.errorText)")
                #expect(failed.errorText.contains("hint: "), "\(note): \(failed.errorText)")
            }
            try expectOldOrNew(world, states, note)
            try await expectCompletion(world, template, states, note)
            return true
        }
        print("\(stage): full from \(count) system calls on")
    }

    @Test(arguments: Stage.allCases)
    func `goes on where a call writes less than it was given`(stage: Stage) async throws {
        let count = try await disturbing(stage) { world, template, injector, place, states in
            let note = "\(stage), short at \(place)"
            let result = try await run(template, world, under: injector.wrapper(.short(at: place)))
            #expect(result.succeeded, "\(note): \(result.errorText)")
            #expect(try state(world) == states.new, "\(note)")
            return true
        }
        print("\(stage): short writes at \(count) system calls")
    }
}

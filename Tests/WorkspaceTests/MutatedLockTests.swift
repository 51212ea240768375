import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// A lock that somebody, or something, has changed: what is installed from it is what it was, or nothing.
struct MutatedLockTests {
    private struct Scene {
        var world: ProjectWorld
        var lock: [UInt8]
        /// Of the harness's folder, with what is the user's own in it.
        var whole: [String: String]

        init(_ scratch: String) async throws {
            world = try EditProjectTests.Start(scratch).world
            let second = try world.putTarget("two", harness: "claude-code", levels: ["gen.text.prose": "L1"])
            try world.put([
                "skvm.toml": try world.manifest.replacing(
                    "charts   =   \"^1.0\"", with: "charts = \"^1.0\"\nnotes = \"^2\"") + "\n" + second
            ])
            try await world.install()
            lock = try FileSystem.read(world.project + "/skvm.lock")
            try world.put([".agents/skills/notes/mine.md": "mine", ".agents/skills/own/SKILL.md": "own"])
            whole = try Self.folders(world)
        }

        static func folders(_ world: ProjectWorld) throws -> [String: String] {
            var result: [String: String] = [:]
            var pending = [".agents", ".claude"].filter { world.exists($0) }
            while let path = pending.popLast() {
                let full = "\(world.project)/\(path)"
                if FileSystem.isDirectory(full) {
                    pending += try FileSystem.list(full).map { "\(path)/\($0)" }
                } else {
                    result[path] = String(decoding: try FileSystem.read(full), as: UTF8.self)
                }
            }
            return result
        }
    }

    /// Each with what was done to the lock.
    private static func mutations(_ lock: [UInt8]) -> [(what: String, bytes: [UInt8])] {
        let text = String(decoding: lock, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var all: [(String, [UInt8])] = []
        func add(_ what: String, _ lines: [String]) { all.append((what, Array(lines.joined(separator: "\n").utf8))) }
        all.append(("nothing", lock))
        for end in stride(from: 0, to: lock.count, by: 97) { all.append(("cut at \(end)", Array(lock[..<end]))) }
        for number in lines.indices where !lines[number].isEmpty {
            var without = lines
            without.remove(at: number)
            add("without line \(number + 1) (\(lines[number].prefix(40)))", without)
        }
        let values = [
            "1", "true", "[]", "{}", "\"\"", "\"../../x\"", "\"sha256:\(String(repeating: "0", count: 64))\"",
            "\"x 1.0.0\"",
        ]
        for (number, line) in lines.enumerated() {
            guard let equals = line.firstIndex(of: "=") else { continue }
            var changed = lines
            let value = values[number % values.count]
            changed[number] = "\(line[..<equals])= \(value)"
            add("line \(number + 1) is \(changed[number].prefix(40))", changed)
        }
        // Values that are right elsewhere: a digest of another record, another's name or version.
        for key in ["tree", "name", "version", "source", "package", "target", "profile", "harness", "passes"] {
            let places = lines.indices.filter { lines[$0].hasPrefix("\(key) =") }
            for (one, two) in zip(places, places.dropFirst()) where lines[one] != lines[two] {
                var swapped = lines
                swapped.swapAt(one, two)
                add("\(key) of lines \(one + 1) and \(two + 1) swapped", swapped)
                var copied = lines
                copied[one] = lines[two]
                add("\(key) of line \(two + 1) in line \(one + 1), too", copied)
            }
        }
        var state: UInt64 = 11
        for _ in 0..<60 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var changed = lock
            let place = Int((state >> 33) % UInt64(lock.count))
            changed[place] = UInt8(truncatingIfNeeded: state >> 56)
            all.append(("byte \(place) is \(changed[place])", changed))
        }
        return all
    }

    /// Whether the command came to an end that says it is well.
    private func succeeds(_ what: String, _ work: () async throws -> (ok: Bool, diagnostics: [Diagnostic])) async
        -> Bool
    {
        do {
            let (ok, diagnostics) = try await work()
            if !ok { #expect(diagnostics.contains { $0.severity == .error }, "\(what)") }
            return ok
        } catch {
            guard let diagnostics = Workspace.diagnostics(of: error) else {
                Issue.record("\(what): \(error)")
                return false
            }
            #expect(!diagnostics.isEmpty && diagnostics.allSatisfy { $0.fault != .internal }, "\(what): \(diagnostics)")
            return false
        }
    }

    @Test func `install --locked, --frozen and verify over it say so, or mean the same, and lose nothing`() async throws
    {
        try await withScratch { scratch in
            let scene = try await Scene(scratch)
            let world = scene.world
            let mutations = Self.mutations(scene.lock)
            var errors = 0
            for (number, (what, bytes)) in mutations.enumerated() {
                try FileSystem.write(bytes, to: world.project + "/skvm.lock")
                let isWell = await succeeds(what) {
                    let report = try await world.install {
                        $0.locked = true
                        $0.offline = number.isMultiple(of: 2)
                    }
                    return (report.ok, report.diagnostics)
                }
                errors += isWell ? 0 : 1
                if number == 0 { #expect(isWell, "\(what)") }
                #expect(try Scene.folders(world) == scene.whole, "\(what)")
                #expect(try FileSystem.read(world.project + "/skvm.lock") == bytes, "\(what)")
                _ = await succeeds(what) {
                    let report = try await world.workspace().verify()
                    return (report.ok, report.diagnostics)
                }
                #expect(try Scene.folders(world) == scene.whole, "\(what)")
            }
            print("mutated locks over what is installed: \(mutations.count), of which \(errors) are errors")
            #expect(mutations.count > 200 && errors > mutations.count / 2 && errors < mutations.count)
        }
    }

    @Test func `install --locked by it in an empty checkout installs what was locked, or nothing`() async throws {
        try await withScratch { scratch in
            let scene = try await Scene(scratch)
            let world = scene.world
            let whole = scene.whole.filter { $0.value != "mine" && $0.value != "own" }
            let mutations = Self.mutations(scene.lock)
            var installed = 0
            for (what, bytes) in mutations.enumerated().filter({ $0.offset % 3 == 0 }).map(\.element) {
                for name in [".agents", ".claude", ".skvm"] {
                    try FileSystem.removeTree("\(world.project)/\(name)")
                }
                try FileSystem.write(bytes, to: world.project + "/skvm.lock")
                let isWell = await succeeds(what) {
                    let report = try await world.install { $0.locked = true }
                    return (report.ok, report.diagnostics)
                }
                let now = try Scene.folders(world)
                #expect(now == (isWell ? whole : [:]), "\(what): \(now.keys.sorted())")
                installed += isWell ? 1 : 0
            }
            print("mutated locks in an empty checkout: \((mutations.count + 2) / 3), of which \(installed) install")
        }
    }
}

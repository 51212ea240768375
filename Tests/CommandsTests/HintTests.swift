import ArgumentParser
import Basics
import TestSupport
import Testing

@testable import Commands

/// A hint is followed to the letter, and leads out.
@Suite struct `A hint` {
    // MARK: Written

    /// Every command that a text of skvm's puts between backticks is one that it takes.
    @Test func `names no command and no option that there is not`() throws {
        let root = try #require(#filePath.firstRange(of: "/Tests/CommandsTests/").map { #filePath[..<$0.lowerBound] })
        var count = 0
        for file in try Self.sources(below: "\(root)/Sources") {
            for (number, line) in try FileSystem.readText(file).split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated()
            {
                let isComment = line.drop { $0 == " " }.hasPrefix("//")
                for command in isComment ? [] : Self.commands(in: line) {
                    count += 1
                    let words = Array(Self.words(command).dropFirst())
                    #expect(throws: Never.self, "\(file):\(number + 1): \(command)") {
                        if LeadingOptions.fault(words) != nil { throw WrongHint() }
                        do { _ = try parsed(LeadingOptions.last(words)) } catch {
                            // A name alone tells the command; what it must be given is said by whoever wrote the hint.
                            let message = SkvmCommand.fullMessage(for: error)
                            let isOpen =
                                message.contains("Missing expected argument") || message.contains("Missing value")
                                || words.count == 1 && !message.contains("Unexpected argument")
                            if SkvmCommand.exitCode(for: error) != .success, !isOpen { throw WrongHint(message) }
                        }
                    }
                }
            }
        }
        #expect(count > 100)
    }

    private struct WrongHint: Error {
        var message: String
        init(_ message: String = "") { self.message = message }
    }

    private static func sources(below folder: String) throws -> [String] {
        try FileSystem.list(folder).sorted().flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            if FileSystem.isDirectory(path) { return try sources(below: path) }
            return name.hasSuffix(".swift") ? [path] : []
        }
    }

    /// What stands between backticks in a line of code and begins with `skvm `; an interpolation in it is one word. Those whose
    /// command or whose end is made elsewhere are left out.
    private static func commands(in line: Substring) -> [String] {
        var found: [String] = []
        var rest = line
        while let mark = rest.firstRange(of: "`skvm ") {
            var command = "skvm "
            var depth = 0
            var isClosed = false
            rest = rest[mark.upperBound...]
            while let character = rest.popFirst() {
                if depth == 0, character == "`" {
                    isClosed = true
                    break
                }
                if depth == 0, character == "\\" {
                    guard rest.popFirst() == "(" else { break }
                    depth = 1
                    command.append(gap)
                } else if depth > 0 {
                    depth += character == "(" ? 1 : character == ")" ? -1 : 0
                } else if character == "\"" {
                    break
                } else {
                    command.append(character)
                }
            }
            let parts = words(command)
            let isMade = parts.enumerated().contains { index, word in
                word.contains("…") || word.contains("...") || word.contains(gap) && (index == 1 || word.hasPrefix("-"))
            }
            if isClosed, !isMade { found.append(command.replacing(String(gap), with: "x")) }
        }
        return found
    }

    /// In the place of an interpolation.
    private static let gap: Character = "\u{1}"

    private static func words(_ command: String) -> [String] { command.split(separator: " ").map(String.init) }

    // MARK: Followed

    /// Runs the first command that an error's hint names, word for word.
    @discardableResult
    private func follow(
        _ result: ProgramResult, in world: CommandWorld, at directory: String? = nil,
        replacing gaps: [String: String] = [:], sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws -> ProgramResult {
        // Warnings stand before errors.
        let all = result.errorText
        let text = all.firstRange(of: "error: ").map { all[$0.lowerBound...] } ?? all[...]
        let hint = try #require(
            text.firstRange(of: "hint: ").map { text[$0.upperBound...] }, "\(text)", sourceLocation: sourceLocation)
        let start = try #require(hint.firstRange(of: "`skvm "), "\(hint)", sourceLocation: sourceLocation)
        var command = String(hint[hint.index(after: start.lowerBound)...].prefix { $0 != "`" })
        for (gap, value) in gaps { command = command.replacing(gap, with: value) }
        let shell = "skvm() { \(try CommandWorld.binary()) \"$@\"; }\n\(command)"
        let followed = try await world.run(["sh", "-c", shell], in: directory)
        #expect(followed.status == 0, "\(command): \(followed.errorText)", sourceLocation: sourceLocation)
        return followed
    }

    private func withTwo(_ body: (CommandWorld, String) async throws -> Void) async throws {
        try await withCommandWorld { world in
            let second = world.scratch + "/second project"
            try write(
                [
                    "project/own/SKILL.md": CommandWorld.skill,
                    "second project/own/SKILL.md": CommandWorld.skill.replacing("Add the", with: "Sum up the"),
                    "second project/skvm.toml": "\(CommandWorld.target)",
                ], in: world.scratch)
            try world.writeManifest(["own = { path = \"own\" }"])
            try await world.done("install", "--user")
            try await body(world, second)
        }
    }

    @Test func `of a place that is another's installs what was asked for, and back`() async throws {
        try await withTwo { world, second in
            let file = world.home + "/.agents/skills/own/SKILL.md"
            let refused = try await world.skvm("install", "./own", "--user", in: second)
            refused.expectError(1, "install.claimed", "`skvm install ./own --user --take-over`")
            #expect(try !FileSystem.readText(second + "/skvm.toml").contains("own"))
            // The first of the ways is the other's; the last is the whole command.
            let taken = try await world.skvm("install", "./own", "--user", "--take-over", in: second)
            #expect(taken.status == 0 && taken.errorText.contains("[install.taken-over]"), "\(taken.errorText)")
            #expect(try FileSystem.readText(file).contains("Sum up"))

            let verified = try await world.done("verify")
            #expect(verified.errorText.contains("\(file.dropLast(9)) is as \(second)/skvm.toml has it"))
            #expect(verified.errorText.contains("`skvm install --user --take-over`"), "\(verified.errorText)")
            #expect(try await !world.done("info", "own").outputText.contains("installed in"))
            #expect(try await world.done("info", "own", in: second).outputText.contains("installed in"))

            let back = try await follow(taken, in: world)
            #expect(try !FileSystem.readText(file).contains("Sum up"))
            // A folder's name with a blank is one word.
            try await follow(back, in: world)
            #expect(try FileSystem.readText(file).contains("Sum up"))
            try await follow(try await world.skvm("install", "--user"), in: world)
            try await world.done("install", "--user")
        }
    }

    @Test func `of the user's own manifest names it`() async throws {
        try await withTwo { world, _ in
            try write(
                [
                    "config/skvm.toml": CommandWorld.target + "[dependencies]\nown = { path = \"own\" }\n",
                    "config/own/SKILL.md": CommandWorld.skill.replacing("Add the", with: "Sum up the"),
                ], in: world.scratch)
            let refused = try await world.skvm("install", "-g")
            refused.expectError(1, "install.claimed", "`skvm install -g --take-over`")
            let taken = try await world.done("install", "-g", "--take-over")
            let back = try await follow(taken, in: world)
            #expect(back.errorText.contains("`skvm install --global --take-over`"), "\(back.errorText)")
            try await follow(back, in: world)
        }
    }

    private func withSkill(_ body: (CommandWorld, String) async throws -> Void) async throws {
        try await withCommandWorld { world in
            let files = ["own/SKILL.md": CommandWorld.skill + "Run `scripts/a.sh`.\n", "own/scripts/a.sh": "wc -l\n"]
            try write(files, in: world.project)
            try world.writeManifest(["own = { path = \"own\" }"])
            try await world.done("install")
            try await body(world, world.project + "/.agents/skills/own")
        }
    }

    @Test(arguments: ["link", "folder for file", "file for folder", "fifo", "fifo for file", "skill", "empty"])
    func `of what stands in the place of an installed file or folder mends it`(way: String) async throws {
        try await withSkill { world, place in
            let before = try world.snapshot(world.project + "/.agents/skills")
            let (scripts, file) = (place + "/scripts", place + "/scripts/a.sh")
            switch way {
            case "link":
                try FileSystem.rename(scripts, to: world.scratch + "/x")
                try FileSystem.makeLink(scripts, to: "../../../../x")
            case "folder for file":
                try FileSystem.remove(file)
                try write(["notes.txt": "mine\n"], in: file)
            case "file for folder":
                try FileSystem.removeTree(scripts)
                try FileSystem.write(Array("mine\n".utf8), to: scripts)
            case "fifo", "fifo for file":
                let path = way == "fifo" ? place : file
                try FileSystem.removeTree(path)
                #expect(try await world.run(["mkfifo", path]).status == 0)
            case "empty":
                try FileSystem.removeTree(place)
                try FileSystem.write([], to: place)
            default:
                try FileSystem.rename(place, to: world.scratch + "/x")
                try FileSystem.makeLink(place, to: "../../../x")
            }
            let found = try await world.skvm("verify")
            #expect(found.status == 5, "\(found.errorText)")
            let dry = try await world.skvm("verify", "--repair", "--force", "--dry-run")
            #expect(dry.status == 5 && dry.outputText.contains("  mend: "), "\(dry.outputText)")
            #expect(!dry.errorText.contains("run `skvm verify --repair"), "\(dry.errorText)")
            // Of a file it asks first whether the change is the user's.
            let mended =
                way == "fifo for file"
                ? try await world.done("verify", "--repair", "--force") : try await follow(found, in: world)
            try await world.done("verify")
            let left = try world.snapshot(world.project + "/.agents/skills")
            #expect(left.filter { !$0.key.contains(".orig") } == before)
            // Where the harness looks there is one skill, and what was there is named and leads where it led.
            let doctor = try await world.done("doctor")
            #expect(!doctor.outputText.contains("2 skills"), "\(doctor.outputText)")
            let kept = world.project + "/.agents/.skvm-kept"
            guard FileSystem.isDirectory(kept) else {
                #expect(way == "empty")
                return
            }
            let name = try #require(try FileSystem.list(kept).first)
            #expect(mended.outputText.contains("was something else: what was there is kept as \(kept)/\(name)"))
            if way == "link" || way == "skill" {
                #expect(FileSystem.realPath("\(kept)/\(name)") == FileSystem.realPath(world.scratch + "/x"))
            }
        }
    }

    @Test func `of an edited file in the user's own folders mends it there`() async throws {
        try await withTwo { world, _ in
            let file = world.home + "/.agents/skills/own/SKILL.md"
            let before = try FileSystem.readText(file)
            try FileSystem.write(Array("mine\n".utf8), to: file)
            let found = try await world.skvm("verify")
            found.expectError(5, "verify.modified", "`skvm verify --repair --force`")
            try await world.done("verify", "--repair", "--force")
            #expect(try FileSystem.readText(file) == before)
            #expect(try FileSystem.readText(file + ".orig") == "mine\n")
        }
    }

    @Test(arguments: ["empty folders", "guard", "byte", "occupied"])
    func `of a vendored folder mends it`(way: String) async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\""])
            try await world.done("vendor")
            let vendor = world.project + "/vendor"
            let before = try world.snapshot(vendor)
            switch way {
            case "empty folders": #expect(try await world.run(["find", vendor, "-type", "f", "-delete"]).status == 0)
            case "guard": try FileSystem.remove(vendor + "/.gitattributes")
            case "byte": try write(["packages/palette/SKILL.md": "x"], in: vendor)
            default:
                try FileSystem.removeTree(vendor)
                try write(["mine.txt": "mine\n"], in: vendor)
            }
            let found = try await world.skvm("verify")
            #expect(found.status == 5 && found.errorText.contains("`skvm verify --repair`"), "\(found.errorText)")
            if way == "occupied" {
                #expect(found.errorText.contains("move it away and run `skvm verify --repair`"), "\(found.errorText)")
                try FileSystem.rename(vendor, to: world.scratch + "/mine")
            }
            try await follow(found, in: world)
            #expect(try world.snapshot(vendor) == before)
            try await world.done("verify")
        }
    }

    @Test(arguments: [true, false])
    func `of a commit that is gone leads to one that is there`(branchIsGone: Bool) async throws {
        try await withCommandWorld { world in
            var world = world
            world.variables["SKVM_NET_RETRY"] = "0"
            let remote = try await RemoteRepository(at: world.scratch + "/own.git")
            try await remote.commit(["SKILL.md": .text(CommandWorld.skill)])
            #expect(try await world.run(["git", "-C", remote.path, "branch", "dev"]).status == 0)
            try world.writeManifest(["own = { git = \"\(remote.url)\", branch = \"dev\" }"])
            try await world.done("install")
            // Another history under the same address.
            try FileSystem.removeTree(world.cache)
            try FileSystem.removeTree(remote.path)
            let other = try await RemoteRepository(at: world.scratch + "/own.git")
            try await other.commit(["SKILL.md": .text(CommandWorld.skill.replacing("sum.txt", with: "all.txt"))])
            if !branchIsGone { #expect(try await world.run(["git", "-C", other.path, "branch", "dev"]).status == 0) }
            let head = try await world.run(["git", "-C", other.path, "symbolic-ref", "--short", "HEAD"]).outputText
            let gone = try await world.skvm("install")
            gone.expectError(5, "lock.commit", branchIsGone ? "skvm add" : "`skvm update own`")
            if branchIsGone {
                let update = try await world.skvm("update", "own")
                #expect(!update.errorText.contains("keep that commit"), "\(update.errorText)")
            }
            try await follow(gone, in: world, replacing: ["NAME": head.filter { !$0.isNewline }])
            try await world.done("lock", "--locked")
        }
    }
}

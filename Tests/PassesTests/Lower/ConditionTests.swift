import Basics
import SkillModel
import Testing

@testable import Passes

/// Commands whose comments say when they are run, by whom, or what they print.
@Suite struct `Commands under a condition` {
    private func lowered(_ code: String, _ gaps: [Primitive: Level]) throws -> EditSet {
        let body = "# S\n\n## Workflow\n\n1. Get it.\n2. Look at it.\n3. Run this:\n\n```bash\n\(code)\n```\n"
        let fixture = try TargetFixture(body, gaps: gaps)
        let lowered = try fixture.lowered
        #expect(try fixture.guarded([lowered]).diagnostics == [])
        return lowered
    }

    private func cut(_ code: String) throws -> [Edit] {
        try lowered(code, [.toolExec: .l1]).edits.filter { $0.rule == OneCommandAStep.id }
    }

    @Test(arguments: [
        "tool list shelf\n# If it is not there: make it, fill it and open it\ntool make shelf\ntool fill shelf\ntool open shelf",
        "# Only when the checks passed:\ntool plan -o p\ntool apply p",
        "# Plan first; then, with the owner's consent:\ntool up web --plan\ntool up web",
        "tool head 7 --json name\n# → e.g. \"branch/12\"\n# Read the number\ntool show 12",
        "tool get a\n# Returns: the number of rows\ntool put a",
        "# Fill the shelf\ntool make shelf\ntool fill shelf",
        "# Fill the shelf\ntool make shelf && tool fill shelf",
        "tool make shelf\n# the shelf that is made\n\ntool fill shelf",
        "# 如果没有：\ntool make shelf\ntool fill shelf",
        "# All with what the file says\ntool check\n\n# One folder\nuv run tool check src\n\n# Some rules\ntool check src --only a",
    ])
    func `stay in one block`(code: String) throws {
        #expect(try cut(code).isEmpty)
    }

    @Test(arguments: [
        "tool get a\ntool put a", "# Get it\ntool get a\n# Put it\ntool put a", "tool get a # the rows\ntool put a",
        "# Get it\ntool get a \\\n  --all\n\n# Put it\nother put a",
    ])
    func `are taken apart where each comment is of one command`(code: String) throws {
        #expect(try cut(code).count == 1)
    }

    private static let loop = "for name in a b; do\n  tool list \"$name\"\ndone\ntool all\ntool end\n"

    private func script(_ code: String) throws -> EditSet {
        try lowered("set -eu\n" + Self.loop + code, [.genCodeShell: .l1])
    }

    @Test(arguments: [
        "tool list shelf\n# If it is not there:\ntool make shelf\ntool list desk",
        "# macOS\ntool make mac\n# Debian\ntool make deb", "# With the owner's approval\ntool make a\ntool make b",
    ])
    func `are no script`(code: String) throws {
        #expect(try script(code).files.isEmpty)
    }

    @Test(arguments: [
        "# If it is not there, make it\nif [ ! -d shelf ]; then\n  tool make shelf\nfi",
        "# Only when it is missing\n[ -d shelf ] || tool make shelf\ntool list shelf",
        "if [ ! -d shelf ]; then\n  # when it is gone\n  tool make shelf\nfi",
    ])
    func `that the script tests itself are one`(code: String) throws {
        #expect(try script(code).files.count == 1)
    }

    @Test func `options are no variables that join paragraphs`() throws {
        let code = (1...4).map { "tool list --group=g --filter=\($0)\ntool make --group=g" }.joined(separator: "\n\n")
        #expect(try lowered(code, [.genCodeShell: .l1]).files.isEmpty)
    }

    @Test func `a name in brackets becomes an argument`() throws {
        let lowered = try script("tool make --group=[GROUP_ID] --into \"x-[SHELF]\"\necho \"[INFO] made\"")
        let file = try #require(lowered.files.first)
        #expect(file.text.contains("tool make --group=\"$group_id\" --into \"x-${shelf}\"\n"))
        #expect(file.text.contains("echo \"[INFO] made\""))
        #expect(lowered.edits.contains { $0.replacement.contains("'[GROUP_ID]' '[SHELF]'") })
        #expect(OutlinedScript.originalCode(of: file.text)?.contains("--group=[GROUP_ID]") == true)
    }

    @Test(arguments: ["tool make [group name]", "tool make {group_id}", "tool make {{group}}", "tool make x-[组]"])
    func `what may be a placeholder is not run`(code: String) throws {
        #expect(try script(code).files.isEmpty)
    }

    @Test(arguments: [
        "tool make [a-z]*.txt", "tool make \"${name[0]}\" x{1,2}", "tool log HEAD@{upstream}", "tool -w '%{http_code}'",
        "[[ -f x ]] && tool make x",
    ])
    func `the shell's own brackets are none`(code: String) throws {
        #expect(try script(code).files.count == 1)
    }

    @Test func `guard refuses a cut that takes a condition away`() throws {
        let code = "# If it is not there:\ntool make shelf\ntool fill shelf\n"
        let fixture = try TargetFixture("# S\n\n```bash\n\(code)```\n", gaps: [.toolExec: .l1])
        let fragment = try #require(fixture.source.fragments.first)
        let text = "```bash\n# If it is not there:\ntool make shelf\n```\n\n```bash\ntool fill shelf\n```"
        let end = fragment.span.end - (fixture.source.bytes[fragment.span.end - 1] == 0x0A ? 1 : 0)
        let edit = Edit(
            span: SourceSpan(fragment.span.start, end), replacement: text, rule: OneCommandAStep.id,
            gap: fixture.gaps[0], reason: "x")
        let edits = [EditSet(edits: [edit])]
        #expect(try fixture.guarded(edits).diagnostics.contains { $0.id == "guard.code" })
    }
}

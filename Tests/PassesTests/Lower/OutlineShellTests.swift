import Basics
import SkillModel
import Testing

@testable import Passes

/// Shell code that a script of its own would break, or freeze to one request.
@Suite struct `Shell that stays in the text` {
    private static let loop = "set -eu\nfor page in $PAGES; do\n  tool get \"$page\"\n  tool put \"$page\"\ndone\n"

    private func lowered(_ code: String, before: String = "", after: String = "") throws -> EditSet {
        func fence(_ code: String) -> String { code.isEmpty ? "" : "```bash\n\(code)```\n\n" }
        let body =
            "# S\n\n## First\n\n\(fence(before))## Pages\n\nRun this:\n\n\(fence(code))## Last\n\n\(fence(after))"
        let fixture = try TargetFixture(body, gaps: [.genCodeShell: .l1])
        // Without the sentences that would close the gap another way.
        let context = LoweringContext(
            LazyReading(fixture.source), requirements: fixture.requirements, gaps: fixture.gaps,
            support: fixture.support)
        let analysis = GapAnalysis(gaps: fixture.gaps, unmeasured: [], ways: [:])
        let lowered = try #require(Lower.attempt(in: context, analysis, [OutlineShell()]).value)
        #expect(try fixture.guarded([lowered]).diagnostics == [])
        return lowered
    }

    @Test(arguments: [
        "tool all\n", "tool all > log\n", "qty=0\nfound=false\ntool all \"$qty\" \"$found\"\n",
        "out=$(mktemp -d)\ntool all \"$out\"\nrm -rf \"$out\"\n", "at=\"${AT:-here}\"\ntool all \"$at\"\n",
        "curl -s \"https://api.acme.dev/v1/pages?id=$PAGES\" | jq '.a'\n",
        "curl -s https://api.acme.dev/v1 -d \"{\\\"id\\\": \\\"$PAGES\\\"}\"\n", "echo \"Done with all pages\"\n",
        "cat package.json > /tmp/all.json\n", "mkdir -p ~/.acme/pages\n",
    ])
    func `a program without a value of one request moves`(code: String) throws {
        #expect(try lowered(Self.loop + code).files.count == 1)
    }

    @Test(arguments: [
        ("sign() { openssl dgst; }\n", "tool all \"$(sign)\"\n", "calls `sign`"),
        ("function sign { openssl dgst; }\n", "date | sign\n", "calls `sign`"),
        ("alias put='tool put'\n", "put all\n", "calls `put`"),
        ("API_KEY=$(cat key)\n", "tool all \"$API_KEY\"\n", "reads `API_KEY`"),
        ("place=here\n", "tool all \"${place:-there}\"\n", "reads `place`"),
        ("source lib.sh\n", "tool all\n", "sourced before it"),
    ])
    func `what other code of the text defines would be missing`(before: String, code: String, why: String) throws {
        for (before, after) in why.contains("calls") ? [(before, ""), ("", before)] : [(before, "")] {
            let lowered = try lowered(Self.loop + code, before: before, after: after)
            #expect(lowered.files.isEmpty)
            #expect(lowered.open.contains { $0.why.contains(why) }, "\(lowered.open)")
        }
    }

    @Test(arguments: [
        ("sign() { openssl dgst; }\n", "sign() { tool; }\ntool all \"$(sign)\"\n"),
        ("export API_KEY=$(cat key)\n", "tool all \"$API_KEY\"\n"), ("source .venv/bin/activate\n", "tool all\n"),
        ("STAMP=$(date)\n", "tool all \"$STAMP\"\n"),
    ])
    func `what it has itself, gets as an argument or by the environment is no need`(before: String, code: String) throws
    {
        #expect(try lowered(Self.loop + code, before: before).files.count == 1)
    }

    @Test(arguments: [
        "body='{\"item\":\"A\",\"qty\":\"0.1\"}'\ntool send \"$body\"\n", "tool send '{\"qty\": 5}'\n",
        "place=\"$HOME/Box/Pages\"\ntool all \"$place\"\n", "name=pages\ntool all \"$name\"\n",
        "tool all pages.tar.gz\n",
        "tool all ./pages\n", "tool all --in=pages.csv\n", "tool all > pages.csv\n", "jq '.a' pages.json\n",
        "curl -X POST https://api.acme.dev/v1 -d item=A\n", "curl \"https://api.acme.dev/v1?item=A\"\n",
        "git commit -m \"Add the pages\"\n", "tool send me@acme.dev\n", "tool send 0xAbCdEf012345 $PAGES\n",
        "tool send 0.001\n", "tool all https://example.com/pages\n",
    ])
    func `a value that the next request may have another of is read in the text`(code: String) throws {
        let lowered = try lowered(Self.loop + code)
        #expect(lowered.files.isEmpty, "\(lowered.files)")
        #expect(lowered.open.contains { $0.why.contains("a request may have another value") }, "\(lowered.open)")
    }

    @Test(arguments: ["rm -rf \"$OUT\"\n", "tool pages delete \"$OUT\"\n", "git push --force\n", "pkill tool\n"])
    func `what can't be undone is not hidden`(code: String) throws {
        let lowered = try lowered(Self.loop + code)
        #expect(lowered.files.isEmpty)
        #expect(lowered.open.contains { $0.why.contains("to be meant") }, "\(lowered.open)")
    }

    @Test func `a placeholder without its argument stops the script, and one that is explained stays`() throws {
        let file = try #require(try lowered(Self.loop + "tool all <list>\n").files.first)
        #expect(file.text.contains("\nlist=${2:?'<list>'}\n"), "\(file.text)")
        let explained = try lowered(Self.loop + "tool all <list>  # nineteen digits\n")
        #expect(explained.files.isEmpty)
        #expect(explained.open.contains { $0.why.contains("a comment explains") }, "\(explained.open)")
    }

    @Test func `guard refuses what the rule would not do`() throws {
        let code = Self.loop + "tool all pages.csv\n"
        let fixture = try TargetFixture("# S\n\n```bash\n\(code)```\n", gaps: [.genCodeShell: .l1])
        let file = EditSet.AddedFile(
            path: try #require(RelativePath("scripts/skvm-1-s.sh")), text: code, isExecutable: false,
            rule: OutlineShell.id)
        let fragment = try #require(fixture.source.fragments.first)
        let edit = Edit(
            span: SourceSpan(fragment.span.start, fragment.span.end),
            replacement: "```bash\nbash \"@@SKVM_SKILL_DIR@@/scripts/skvm-1-s.sh\"\n```\n", rule: OutlineShell.id,
            gap: fixture.gaps.first, reason: "")
        let edits = [EditSet(edits: [edit], files: [file], open: [])]
        #expect(try fixture.guarded(edits).diagnostics.map(\.id) == ["guard.code"])
    }

    @Test func `a script is called by whole words of its title`() throws {
        let title = "Listing of all the tuning jobs that wait for some reason"
        let fixture = try TargetFixture(
            "# S\n\n## \(title)\n\nRun this:\n\n```bash\n\(Self.loop)tool all\n```\n", gaps: [.genCodeShell: .l1])
        #expect(try fixture.lowered.files.map(\.path.text) == ["scripts/skvm-1-listing-of-all-the-tuning-jobs.sh"])
    }
}

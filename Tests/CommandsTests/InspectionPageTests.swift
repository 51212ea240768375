import Basics
import TestSupport
import Testing

@Suite struct `The page about a skill` {
    private func page(_ body: String, in world: CommandWorld) async throws -> String {
        try write(
            ["own/SKILL.md": "---\nname: own\ndescription: Counts <b>lines</b>.\n---\n\(body)"], in: world.project)
        try await world.done("inspect", "own", "--html", "page.html")
        return try FileSystem.readText(world.project + "/page.html")
    }

    @Test func `shows demands by target, the steps and the marked text`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            let page = try await page(
                "# Own\n\n## Steps\n\n1. Run `wc -l FILE`.\n2. Add the numbers.\n3. Write the sum to `sum.txt`.\n\nNever round. Always check. You must ask.\n",
                in: world)
            #expect(page.contains("<th class=\"target\">weak</th>"))
            #expect(page.contains("follow.procedure") && page.contains("<svg") && page.contains("href=\"#L9\""))
            #expect(page.contains("<tr id=\"L9\""))
        }
    }

    @Test func `lets nothing of the skill be markup, loads nothing, and shows what hides`() async throws {
        try await withCommandWorld { world in
            let page = try await page(
                "# <script>alert(1)</script>\n\n1. \"><img src=x onerror=alert(1)>\n2. a\u{202E}b\u{200B}c\n3. `</code><style>`\n",
                in: world)
            #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>lines"))
            #expect(!page.contains("http://") && !page.contains("https://"))
            #expect(page.components(of: "<style>") == 2 && page.contains("default-src 'none'"))
            #expect(page.contains("U+202E") && page.contains("U+200B") && !page.contains("\u{202E}"))
        }
    }

    @Test func `outside of a project it compares with every known profile`() async throws {
        try await withCommandWorld { world in
            let page = try await page("# Own\n\nYou must ask. Never guess. Always check.\n", in: world)
            #expect(page.contains("qwen/qwen3.5-9b on openclaw"))
        }
    }
}

extension String {
    /// How many parts `separator` cuts the text into.
    fileprivate func components(of separator: String) -> Int { split(separator: separator).count }
}

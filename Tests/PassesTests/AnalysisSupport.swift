@testable import Passes
import SkillModel
import Testing

/// The document of a skill with a description of its own.
func skill(
    _ description: String, _ body: String, name: String = "a-skill", extra: String = "", files: [String: String] = [:]
) throws -> SkillDocument {
    let text = "---\nname: \(name)\ndescription: \(description)\n\(extra)---\n\(body)"
    return try #require(try parse(text, files: files).value)
}

/// `kind:name` of the dependencies, `?` behind the ones that are not required.
func dependencies(of document: SkillDocument) throws -> [String] {
    try #require(Depend.run(document).value).dependencies.map {
        "\($0.kind.rawValue):\($0.name)\($0.required ? "" : "?")"
    }
}

/// A shell block.
func shell(_ code: String) -> String { "```bash\n\(code)\n```\n" }

/// A template's own code, without the line that refuses values which would be options.
func withoutGuard(_ template: String) -> String {
    template.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix(OptionGuard.mark) }
        .joined(separator: "\n")
}

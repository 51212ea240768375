import Glibc
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

/// How many times the processor's time of `work` grows for eight times the input: about 8 where the time grows as the input does, 64
/// where it grows as its square.
func growth(_ small: Int, _ work: (Int) throws -> Void) rethrows -> Double {
    func seconds(_ size: Int) throws -> Double {
        var (start, end) = (timespec(), timespec())
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
        try work(size)
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
        return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
    }
    return try seconds(small * 8) / max(seconds(small), 0.001)
}

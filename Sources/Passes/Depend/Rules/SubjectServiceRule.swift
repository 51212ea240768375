import Basics
import SkillModel

/// The skill's own subject as a service that no table knows: the title or the front matter names it, and the text
/// speaks of a key, a token or an account, or links to it by its own address.
///
/// "# Satori Memory" with "checks for the API key" → satori; "Search [willhaben.at](https://willhaben.at)" in a
/// skill whose description names Willhaben → willhaben. Not: a subject that is a word of English in the text, or a
/// skill in which another rule has found the service.
enum SubjectServiceRule: DependencyRule {
    static let id = "depend.service.subject"
    static let message = "the skill is about this service, which needs a key, an account or its address"

    static func find(_ reading: SkillReading) -> [Dependency] {
        let names = ServiceNames.of(reading)
        let linked = linked(reading, names)
        guard linked.isEmpty else { return linked }
        guard let name = subject(reading, names), MCPServerRule.found(in: reading).isEmpty else { return [] }
        let others = ServiceRule.found(in: reading).map(\.name)
        let parts = Set(name.split(separator: " ").map(String.init))
        guard !others.contains(where: { !parts.isDisjoint(with: $0.split(separator: " ").map(String.init)) }),
            let sentence = credential(reading, of: parts, isAlone: others.isEmpty)
        else { return [] }
        return [Dependency(.service, name, evidence: [reading.document.evidence(sentence.span)])]
    }

    /// A link whose text is its address, in what stands before the second section, to a name of the description.
    private static func linked(_ reading: SkillReading, _ names: ServiceNames) -> [Dependency] {
        let sections = reading.document.sections
        let end = sections.count > 1 ? sections[1].heading.start : reading.document.body.end
        let described = Set(reading.description.filter { $0.text.first?.isUppercase == true }.map(\.lower))
        return reading.document.links.compactMap { link in
            guard link.span.start < end, !link.isImage, let host = WebAddress.host(in: link.destination),
                let owner = WebAddress.owner(ofHost: host), described.contains(owner), !Programs.isKnown(owner),
                [owner, ServiceNames.plain(host)].contains(ServiceNames.plain(link.text))
            else { return nil }
            return Dependency(.service, owner, evidence: [reading.document.evidence(link.span)])
        }
    }

    /// The name left of the title when its words of kind ("CLI", "skill", "API") are gone: one or two, written as a name.
    private static func subject(_ reading: SkillReading, _ names: ServiceNames) -> String? {
        let title = WordScanner.words(reading.title).filter { !kinds.contains($0.lower) }
        // "Prerequisites" is a part of the skill, not its subject.
        guard let first = title.first, title.count <= 2, title.allSatisfy({ names.isName($0) }),
            SectionRole.named(by: title.map(\.text).joined(separator: " ")) == nil,
            title.count > 1 ? !reading.declaredPrograms.contains(first.lower) : !Programs.isKnown(first.lower)
        else { return nil }
        return title.map(\.lower).joined(separator: " ")
    }

    /// The first sentence that has the user hold a key or an account. In a skill that needs other services too, it must
    /// name the subject.
    private static func credential(_ reading: SkillReading, of subject: Set<String>, isAlone: Bool) -> Sentence? {
        reading.sentences.first { sentence in
            guard ![.links, .troubleshooting, .background].contains(reading.role(of: sentence)),
                !denial.isIn(sentence.words)
            else { return false }
            let isNamed = sentence.words.contains { subject.contains($0.lower) }
            return (isAlone || isNamed) && credentials.isIn(sentence.words) || isNamed && entering.isIn(sentence.words)
        }
    }

    private static let entering = PhraseTable(["authenticated", "authenticate", "log in", "logged in", "sign in"])
    private static let credentials = PhraseTable([
        "api key", "api keys", "api token", "access token", "auth token", "your account", "an account", "oauth",
        "credentials", "bearer token", "sign up", "app password", "personal access token", "refresh token",
        "session token",
        "master password",
    ])
    private static let denial = PhraseTable([
        "no", "not", "never", "without", "don't", "doesn't", "hardcoded", "leaked", "redact*", "mask*", "secrets",
    ])
    private static let kinds: Set<String> = [
        "cli", "api", "skill", "skills", "tool", "tools", "client", "integration", "memory", "manager", "management",
        "automation", "assistant", "connector", "helper", "sdk", "documentation", "fetcher", "mcp", "service", "the",
        "reference", "guide", "control", "export", "search", "sync", "commands", "search", "access", "wrapper",
    ]

    static let examples: [RuleExample] = [
        RuleExample(
            """
            # Acmory Memory

            ⟦Acmory reads its API key from a file⟧.
            """,
            finds: "service acmory"),
        RuleExample(
            """
            ---
            name: ab
            description: Acmebay listings.
            ---
            # ab

            Browse ⟦[acmebay.at](https://acmebay.at)⟧ here.
            """,
            finds: "service acmebay"),
        RuleExample(
            """
            # Acmory CLI

            ⟦Acmory must be installed and authenticated⟧. The text goes through OPENAI_API_KEY.
            """,
            finds: "service acmory"),
        .nothing(
            """
            # Planner

            The planner reads an API key. A planner plans.
            """),
        .nothing(
            """
            # Acmory

            No API key is needed.
            """),
    ]
}

package import Basics
package import SkillModel

/// What a careful reviewer of a skill would flag.
package struct HazardFinding: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case curlPipeShell = "curl-pipe-shell"
        case secretExposure = "secret-exposure"
        case destructiveCommand = "destructive-command"
        case privilegeEscalation = "privilege-escalation"
        case hiddenText = "hidden-text"
        case remoteInstructions = "remote-instructions"
        case promptInjection = "prompt-injection"
        case unpinnedDownload = "unpinned-download"
    }

    package var kind: Kind
    /// 1-based line in SKILL.md.
    package var line: Int
    package var span: SourceSpan
    package var message: String

    package init(kind: Kind, line: Int, span: SourceSpan, message: String) {
        self.kind = kind
        self.line = line
        self.span = span
        self.message = message
    }

    /// The message without what it quotes: equal for the same fault in several places.
    var reason: String {
        message.split(separator: "'", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 0 }
            .map { String($0.element) }.joined(separator: "'")
    }
}

package enum Hazards {
    /// Pure; sorted by line and kind, one of a kind a line. O(size of the document × rules).
    package static func run(_ document: SkillDocument) -> [HazardFinding] {
        let reading = SkillReading(document)
        let found = rules.flatMap { $0.find(reading) }
        var seen: Set<String> = []
        return found.sorted { ($0.line, $0.kind.rawValue) < ($1.line, $1.kind.rawValue) }
            .filter { seen.insert("\($0.kind.rawValue) \($0.line)").inserted }
    }

    static let rules: [any HazardRule.Type] = [
        CurlPipeShellRule.self, UnpinnedDownloadRule.self, DestructiveCommandRule.self, PrivilegeRule.self,
        SecretExposureRule.self, SecretHandlingRule.self, HiddenTextRule.self,
        RemoteInstructionsRule.self,
        PromptInjectionRule.self,
    ]
}

/// One fault that a reviewer would flag.
protocol HazardRule: DescribedRule {
    static func find(_ reading: SkillReading) -> [HazardFinding]
}

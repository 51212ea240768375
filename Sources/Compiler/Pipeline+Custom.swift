import Basics
import BuildEngine
import ContentStore
import Passes
import SkillModel

/// What a custom pass put out.
struct CustomResult {
    var pass: PreparedPass
    var edits: Produced<EditSet>
}

extension Pipeline {
    /// The custom passes of one skill for one target, up to the first that fails. A pass that can't answer is a fault of
    /// this variant alone, which the diagnostics tell; nothing of it is cached.
    func runCustomPasses(
        _ analysis: Analysis, _ gaps: Gaps, _ lowered: Produced<EditSet>, _ scheduled: Produced<ScheduleResult>,
        _ target: PreparedTarget, _ subject: [String]
    ) throws -> (results: [CustomResult], diagnostics: [Diagnostic]) {
        var results: [CustomResult] = []
        var diagnostics: [Diagnostic] = []
        for pass in custom?.passes ?? [] {
            do {
                let produced = try run(pass, analysis, gaps, lowered, scheduled, results, target, subject)
                let result = try produced.result()
                diagnostics += result.diagnostics
                results.append(CustomResult(pass: pass, edits: produced))
                if result.value == nil || result.hasErrors { break }
            } catch let error as DiagnosticsError where error.diagnostics.allSatisfy({ $0.id.hasPrefix("pass.") }) {
                diagnostics += error.diagnostics
                break
            }
        }
        return (results, diagnostics)
    }

    private func run(
        _ pass: PreparedPass, _ analysis: Analysis, _ gaps: Gaps, _ lowered: Produced<EditSet>,
        _ scheduled: Produced<ScheduleResult>, _ earlier: [CustomResult], _ target: PreparedTarget, _ subject: [String]
    ) throws -> Produced<EditSet> {
        guard let runner = custom?.runner else { throw UnusableInput() }
        let earlier = earlier.filter { pass.before.contains($0.pass.name) }
        let sees = EarlierEdits(
            lowered: pass.before.contains(PassID.lower.rawValue) ? lowered : nil,
            scheduled: pass.before.contains(PassID.schedule.rawValue) ? scheduled : nil, custom: earlier)
        let output = RelativePath(known: "\(pass.name).json")
        let action = Action(
            Node(pass.name, subject), implementation: implementations.custom,
            arguments: ["--protocol", "\(PassProtocol.version)"] + pass.pass.additions.arguments + ["--"]
                + pass.pass.command, variables: pass.variables,
            inputs: inputs(of: pass, analysis, gaps, sees, target), outputs: [output])
        let source = analysis.source
        return try engine.produce(action, output) {
            let document = try analysis.document.value()
            var request = PassRequest(pass: pass.name, text: document.source)
            try fill(&request, pass.pass.inputs, analysis, gaps, sees, target)
            let answer = try runner.answer(
                of: pass, on: source.name, to: try request.encoded(),
                files: pass.pass.inputs.contains(.source) ? source.entries : nil)
            return try PassAnswer.read(
                answer, pass: pass.name, skill: source.name, document: document,
                gaps: pass.pass.inputs.contains(.gaps) ? gaps.analysis.gaps : [],
                additions: pass.pass.additions)
        }
    }

    /// The edits that a pass may be shown.
    private struct EarlierEdits {
        var lowered: Produced<EditSet>?
        var scheduled: Produced<ScheduleResult>?
        var custom: [CustomResult]

        var inputs: [ActionInput] {
            func path(_ name: String) -> RelativePath { RelativePath(known: "edits/\(name).json") }
            return [lowered?.input(path("lower")), scheduled?.input(path("schedule"))].compactMap { $0 }
                + custom.map { $0.edits.input(path($0.pass.name)) }
        }

        var taken: [PassRequest.Taken] {
            get throws {
                var taken: [PassRequest.Taken] = []
                if let lowered { taken.append(.init(pass: PassID.lower.rawValue, try lowered.value())) }
                if let scheduled { taken.append(.init(pass: PassID.schedule.rawValue, try scheduled.value().edits)) }
                return taken + (try custom.map { .init(pass: $0.pass.name, try $0.edits.value()) })
            }
        }
    }

    /// SKILL.md, the pass's own files and program, and what it declared: all of it, and nothing else.
    private func inputs(
        of pass: PreparedPass, _ analysis: Analysis, _ gaps: Gaps, _ sees: EarlierEdits, _ target: PreparedTarget
    ) -> [ActionInput] {
        let declared = pass.pass.inputs
        let text = analysis.source.entries.filter { $0.path.text.lowercased() == "skill.md" }
        var inputs = (declared.contains(.source) ? analysis.source.entries : text).map { ActionInput.source($0) }
        inputs += pass.files.map { ActionInput(RelativePath(known: "pass").appending($0.path), $0.kind) }
        if let program = pass.program, let blob = program.blob {
            inputs.append(ActionInput(RelativePath(known: "program/\(program.name)"), blob))
        }
        for input in declared.contains(.document) ? declared.subtracting([.movable]) : declared {
            switch input {
            case .document, .movable: inputs.append(analysis.document.input(.document))
            case .requirements: inputs.append(analysis.requirements.input(.requirements))
            case .dependencies: inputs.append(analysis.dependencies.input(.dependencies))
            case .workflow: inputs.append(analysis.workflow.input(.workflow))
            case .candidates: inputs.append(analysis.candidates.input(.candidates))
            case .gaps: inputs += gaps.inputs
            case .support: inputs.append(target.support)
            case .environment: inputs.append(target.environment)
            case .target: inputs.append(target.manifest)
            case .edits: inputs += sees.inputs
            case .source: break
            }
        }
        return inputs
    }

    private func fill(
        _ request: inout PassRequest, _ declared: Set<CustomPass.Input>, _ analysis: Analysis, _ gaps: Gaps,
        _ sees: EarlierEdits, _ target: PreparedTarget
    ) throws {
        for input in declared {
            switch input {
            case .document: request.document = try analysis.document.value()
            case .movable: request.movable = Movable(try analysis.document.value()).spans
            case .requirements: request.requirements = try analysis.requirements.value()
            case .dependencies: request.dependencies = try analysis.dependencies.value()
            case .workflow: request.workflow = try analysis.workflow.value()
            case .candidates: request.candidates = try analysis.candidates.value()
            case .gaps: request.gaps = gaps.analysis.gaps
            case .support: request.support = target.facts.support
            case .environment: request.environment = target.facts.environment
            case .target: request.target = target.facts.manifest
            case .edits: request.edits = try sees.taken
            case .source:
                request.files = analysis.source.entries.compactMap { entry in
                    guard case .file(let blob, let executable) = entry.kind else { return nil }
                    return PassRequest.File(path: entry.path, size: blob.size, executable: executable)
                }
            }
        }
    }
}

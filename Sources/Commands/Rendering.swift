import ArgumentParser
import Basics
import Workspace

extension GlobalOptions {
    /// Prints what a command did in one sentence; under `--dry-run`, what it would do.
    func show(_ done: Done) throws {
        if json { return try terminal.json(done) }
        terminal.show(done.diagnostics)
        guard !quiet, !done.text.isEmpty else { return }
        let isSaid = !dryRun || done.text.hasPrefix("dry run")
        terminal.data(isSaid ? done.text : "dry run, nothing was changed; otherwise: \(done.text)")
    }

    /// Prints a report that has nothing to fail with.
    func show(_ report: some Report) throws {
        if json {
            try terminal.json(report)
        } else if !report.text.isEmpty {
            terminal.data(report.text)
        }
    }

    /// Prints a report with its diagnostics and ends with the exit code of the gravest error. What a command was asked for
    /// (`isAnswer`) is printed under `-q`, too; what it says of its own work is not. `words` settles what it says.
    func finish(
        _ report: some DiagnosedReport, isAnswer: Bool = false, words: (String) -> String = { $0 }
    ) throws {
        if json {
            try terminal.json(report)
        } else {
            terminal.show(report.diagnostics)
            let details = verbose ? report.details : ""
            let text = [details, words(report.text)].filter { !$0.isEmpty }.joined(separator: "\n")
            if isAnswer || !quiet, !text.isEmpty { terminal.data(text) }
        }
        if let fault = report.fault { throw ExitCode(fault.rawValue) }
    }
}

import Basics
import SkillModel

/// Programs that a container's image brings: what a command starts in one (`docker run IMAGE label_tool …`, `kubectl exec
/// POD -- label_tool`), and what the text says runs inside of one ("the pipeline runs inside the container via the
/// `label_tool` CLI"; a block below such a sentence).
///
/// Only names that no table knows: of `psql` the machine may need its own, too.
enum ContainerPrograms {
    static func of(_ reading: SkillReading) -> Set<String> { reading.once("container programs") { find(reading) } }

    /// O(words + sentences × code spans of their blocks).
    private static func find(_ reading: SkillReading) -> Set<String> {
        var found: Set<String> = []
        for invocation in reading.invocations { found.formUnion(started(Array(invocation.unwrapped))) }
        let document = reading.document
        let spans = Dictionary(grouping: document.codeSpans, by: \.block).mapValues { $0.prefix(32) }
        var blocks: Set<Int> = []
        for sentence in reading.sentences where inside.isIn(sentence.words) {
            // The block of code that the paragraph announces.
            let next = sentence.block + 1
            if document.blocks.indices.contains(next), document.blocks[next].kind == .code { blocks.insert(next) }
            let runs = running.isIn(sentence.words)
            for span in spans[sentence.block] ?? [] where runs && sentence.span.start <= span.span.start {
                guard span.span.end <= sentence.span.end + 1, let word = CommandLine.words(span.text).first else {
                    continue
                }
                found.insert(word)
            }
        }
        for invocation in reading.invocations {
            guard case .fragment(let index) = invocation.origin, blocks.contains(document.fragments[index].block) else {
                continue
            }
            found.insert(invocation.program)
        }
        return found.filter { CommandLine.isProgramName($0) && !Programs.isNamed($0) }
    }

    private static let inside = PhraseTable([
        "inside the container", "inside a container", "inside of the container", "inside of a container",
        "in the container", "within the container", "inside the * container", "inside the * * container",
        "inside the * * * container", "inside of the * container", "in the * container", "within the * container",
        "in the * * container",
    ])
    private static let running = PhraseTable(["run", "runs", "running", "executed", "executes", "via", "available"])

    /// The program that a command has a container start. O(words).
    private static func started(_ words: [String]) -> Set<String> {
        guard let tool = words.first else { return [] }
        var rest = words.dropFirst()
        if tool == "kubectl" || tool == "oc" {
            guard rest.contains("exec"), let mark = rest.firstIndex(of: "--") else { return [] }
            return named(rest[(mark + 1)...].first)
        }
        guard ["docker", "podman", "nerdctl", "apptainer", "singularity", "docker-compose"].contains(tool) else {
            return []
        }
        if rest.first == "compose" || rest.first == "container" { rest = rest.dropFirst() }
        guard let verb = rest.popFirst(), verb == "run" || verb == "exec" else { return [] }
        var found: Set<String> = []
        while let word = rest.first, word.hasPrefix("-") {
            rest = rest.dropFirst()
            let takes = !word.contains("=") && valued.contains(word)
            if word == "--entrypoint" { found.formUnion(named(rest.first)) }
            if takes { rest = rest.dropFirst() }
        }
        // The image, container or service, then what it starts.
        return found.union(named(rest.dropFirst().first))
    }

    private static func named(_ word: String?) -> Set<String> {
        word.map { [String($0.split(separator: "/").last ?? "")] } ?? []
    }

    private static let valued: Set<String> = [
        "-v", "--volume", "-e", "--env", "-w", "--workdir", "-p", "--publish", "--name", "--network", "--net", "--gpus",
        "-u", "--user", "--entrypoint", "--mount", "--shm-size", "--ipc", "-m", "--memory", "--cpus", "--platform",
        "--env-file", "-h", "--hostname", "--add-host", "--device", "--ulimit", "-l", "--label", "--runtime",
        "--restart",
        "--cap-add", "--security-opt", "--tmpfs", "--pid", "-B", "--bind", "--pull", "-f", "--file",
    ]
}

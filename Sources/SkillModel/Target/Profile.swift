/// The measured capability levels of a model on a harness (`docs/formats/profile.md`).
package struct Profile: Sendable, Hashable, Codable {
    package struct Measurement: Sendable, Hashable, Codable {
        package struct Trials: Sendable, Hashable, Codable {
            package var passed: Int
            package var run: Int
            /// False when the trials say nothing about the model (a broken grader): they are kept, and not read.
            package var valid: Bool
            package init(passed: Int, run: Int, valid: Bool = true) {
                self.passed = passed
                self.run = run
                self.valid = valid
            }
        }
        package var level: Level
        /// Of L1, L2, L3; nil where a level was not tried.
        package var trials: [Trials?]
        /// What a reader should know of the measurement; empty when nothing.
        package var note: String
        package init(level: Level, trials: [Trials?], note: String = "") {
            self.level = level
            self.trials = trials
            self.note = note
        }
    }

    package var model: String
    package var harness: String
    /// A primitive that was not measured is absent: that is not L0.
    package var measurements: [Primitive: Measurement]
    /// When, as the measurer wrote it; empty when unknown. No pass may read it.
    package var measured: String
    /// Who measured: a repository's file and commit, or a command. No pass may read it.
    package var source: String
    package init(
        model: String, harness: String, measurements: [Primitive: Measurement], measured: String = "",
        source: String = ""
    ) {
        self.model = model
        self.harness = harness
        self.measurements = measurements
        self.measured = measured
        self.source = source
    }

    package func level(of primitive: Primitive) -> Level? { measurements[primitive]?.level }
}

/// Without this, a dictionary keyed by primitives is encoded as a list in the order of a random hash seed, and its
/// canonical JSON isn't.
extension Primitive: CodingKeyRepresentable {}

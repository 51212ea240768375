import Basics
import Resolution

extension Unusable {
    /// Nil for what may be otherwise in a minute, for a fault of integrity, which nothing may pass over, and for faults of skvm.
    init?(_ error: DiagnosticsError) {
        let errors = error.diagnostics.filter { $0.severity == .error }
        let isLasting = errors.allSatisfy { $0.fault <= .usage || $0.id == "registry.bad-line" }
        guard !errors.isEmpty, isLasting else { return nil }
        let lack =
            switch errors {
            case _ where errors.allSatisfy({ $0.id.hasSuffix(".unknown-package") }): "nobody has"
            case _ where errors.contains(where: { $0.id == "registry.bad-line" }): "can't be read"
            default: "can't be used"
            }
        self.init(lack: lack, errors)
    }
}

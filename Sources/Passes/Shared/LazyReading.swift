package import SkillModel
import Synchronization

/// A document, and how the analysis rules read it: read when somebody first asks, once for all who do. Passes that mostly do
/// without need not read, and those that do share what was worked out (`SkillReading.once`).
package final class LazyReading: Sendable {
    package let document: SkillDocument
    private let made: Mutex<SkillReading?>

    package init(_ document: SkillDocument) {
        self.document = document
        made = Mutex(nil)
    }

    package init(_ reading: SkillReading) {
        document = reading.document
        made = Mutex(reading)
    }

    /// O(document) the first time.
    package var reading: SkillReading {
        if let made = made.withLock({ $0 }) { return made }
        // Not under the lock: two who ask at once read twice, and none waits.
        let reading = SkillReading(document)
        return made.withLock { first in
            if first == nil { first = reading }
            return first ?? reading
        }
    }
}

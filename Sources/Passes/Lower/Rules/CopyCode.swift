import Basics
import SkillModel

/// Code that the agent would write → the code that the skill shows, put into a file with other values.
///
/// `gen.code.python`, `gen.code.javascript` → L1 and `tool.file.write`. Only in a tool's reference that shows code whole: patterns
/// to write by are no code to copy, and a line left out is one to write. The sentence forbids no other code.
package struct CopyCode: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.copied-code"
    package static let message = "had the code taken as it is shown"
    package static let way = OtherWay.copiedCode

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Client

            Calls the API.

            ⟦⟧## Reference

            ```bash
            node call.mjs
            node list.mjs
            ```

            ```js
            const all = await fetch("https://x.dev/all")
            console.log(await all.text())
            ```

            ```js
            const one = await fetch("https://x.dev/one")
            console.log(await one.text())
            ```
            """,
            finds: OtherWay.copiedCode.sentence,
            target: [.genCodeJavaScript: .l1]),
        .nothing(
            """
            # Client

            Calls the API.

            ## Reference

            ```bash
            node call.mjs
            node list.mjs
            ```

            ```js
            const all = await fetch("https://x.dev/all")
            console.log(await all.text())
            ```
            """, target: [.genCodeJavaScript: .l1, .toolFileWrite: .l1]),
        .nothing(
            """
            # Client

            Calls the API.

            ## Reference

            ```bash
            node call.mjs
            node list.mjs
            ```

            ```js
            const all = await fetch("https://x.dev/all")
            // ... and so on
            console.log(await all.text())
            ```
            """, target: [.genCodeJavaScript: .l1]),
    ]
}

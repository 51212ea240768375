import Basics
import SkillModel

/// Third-party modules that the skill's own code blocks import: `from twilio.rest import Client` → pip twilio,
/// `import { z } from 'zod'` → npm zod, `python3 -c "import yaml"` → pip pyyaml. What a `try` imports whose handler goes on
/// without it, or with another, is optional.
enum FragmentImportRule: DependencyRule {
    static let id = "depend.package.fragment-import"
    static let message = "a block of code imports this package"

    static func find(_ reading: SkillReading) -> [Dependency] {
        var found: [Dependency] = []
        var local = Set(reading.document.files.map { stem($0.path.name) })
        for file in reading.document.files { local.formUnion(file.path.components.dropLast().map(String.init)) }
        local.formUnion(ownModules(reading))
        for fragment in reading.document.fragments {
            let (kind, names) = modules(fragment)
            guard let kind else { continue }
            for (name, isGuarded) in names where !local.contains(name) {
                found.append(
                    Dependency(
                        kind, name, required: !isGuarded, evidence: [reading.document.evidence(fragment.content)]))
            }
        }
        found += named(reading, besides: Set(found.map(\.name)))
        for invocation in reading.invocations where ["python", "python3"].contains(invocation.program) {
            guard let flag = invocation.words.firstIndex(of: "-c"), flag + 1 < invocation.words.count else { continue }
            for name in PackageImports.python(invocation.words[flag + 1]) where !local.contains(name) {
                found.append(Dependency(.pip, name, evidence: [Evidence(line: invocation.line, span: invocation.span)]))
            }
        }
        for (index, span) in reading.document.codeSpans.enumerated() where span.text.utf8.count < 200 {
            guard let package = PythonPackages.alias(in: span.text) else { continue }
            found.append(
                Dependency(.pip, package, evidence: [reading.document.evidence(reading.document.codeSpans[index].span)])
            )
        }
        return found
    }

    /// What the text runs or names as a Python file is no package, whether the file is there or not.
    private static func ownModules(_ reading: SkillReading) -> Set<String> {
        var stems: Set<String> = []
        let words = reading.invocations.flatMap { $0.words.prefix(6) } + reading.document.codeSpans.map(\.text)
        for word in words where word.hasSuffix(".py") && word.utf8.count < 200 {
            let name = stem(word.split(separator: "/").last.map(String.init) ?? "")
            stems.formUnion([name, PythonPackages.thirdParty(importName: name) ?? name])
        }
        return stems
    }

    /// Libraries that code uses by their usual names without an import: `gsap.to(…)`, `np.array(…)`. O(length).
    private static func named(_ reading: SkillReading, besides known: Set<String>) -> [Dependency] {
        var found: [Dependency] = []
        for fragment in reading.document.fragments {
            let isPython = fragment.language == "python"
            guard isPython || ["javascript", "typescript", "jsx", "tsx", "html"].contains(fragment.language) else {
                continue
            }
            var seen: Set<String> = []
            var word: [UInt8] = []
            var isMember = false
            for byte in fragment.text.utf8 {
                if byte.isLetter || byte.isDigit || byte == 0x5F {
                    word.append(byte)
                    continue
                }
                if byte == UInt8(ascii: "."), !isMember, !word.isEmpty, word.count < 16,
                    let (package, ofPython) = KnownPackages.identifiers[String(decoding: word, as: UTF8.self)],
                    ofPython == isPython, !known.contains(package), seen.insert(package).inserted
                {
                    found.append(
                        Dependency(
                            isPython ? .pip : .npm, package, evidence: [reading.document.evidence(fragment.content)]))
                }
                isMember =
                    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"")
                word.removeAll(keepingCapacity: true)
            }
        }
        let spoken = Dictionary(grouping: reading.document.codeSpans.prefix(2000)) { span in
            String(span.text.prefix { $0 != "." && $0 != "(" })
        }
        for (name, spans) in spoken.sorted(by: { $0.key < $1.key }) where spans.count >= 2 {
            guard name.first?.isUppercase == true, let (package, isPython) = KnownPackages.identifiers[name], !isPython,
                !known.contains(package)
            else { continue }
            found.append(
                Dependency(.npm, package, evidence: spans.prefix(8).map { reading.document.evidence($0.span) }))
        }
        return found
    }

    private static func modules(_ fragment: Fragment) -> (Dependency.Kind?, [(name: String, isGuarded: Bool)]) {
        switch fragment.language {
        case "python": (.pip, PackageImports.pythonModules(fragment.text))
        case "javascript", "typescript", "jsx", "tsx", "html", "vue", "svelte":
            (.npm, PackageImports.javascriptModules(fragment.text))
        case "bash": (.pip, HereDocuments.python(fragment.text).flatMap { PackageImports.pythonModules($0) })
        default: (nil, [])
        }
    }

    static func stem(_ name: String) -> String { name.split(separator: ".").first.map(String.init) ?? name }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```js
            ⟦gsap.to('.box', { x: 10 })
            ⟧```
            """,
            finds: "npm gsap"),
        RuleExample(
            """
            ```python
            ⟦import os, cv2
            from PIL import Image
            ⟧```
            """,
            finds: "pip opencv-python",
            "pip pillow"),
        RuleExample(
            """
            ```js
            ⟦import { z } from 'zod'
            import fs from 'node:fs'
            ⟧```
            """,
            finds: "npm zod"),
        .nothing(
            """
            ```python
            from acme_client import Client
            ```

            Or run `python3 acme_client.py list`.
            """),
        RuleExample(
            """
            ```bash
            ⟦python3 -c "import yaml"⟧
            ```
            """,
            finds: "pip pyyaml"),
        RuleExample(
            """
            ```bash
            ⟦python3 << 'EOF'
            import requests
            EOF
            ⟧```
            """,
            finds: "pip requests"),
        RuleExample(
            """
            ```html
            ⟦<script type="module">import { createClient } from 'https://esm.sh/viem@2/chains'</script>
            ⟧```
            """,
            finds: "npm viem"),
        RuleExample(
            """
            ```python
            ⟦try:
                import orjson
            except ImportError:
                import json
            ⟧```
            """,
            finds: "pip orjson, optional"),
        RuleExample(
            """
            ```python
            ⟦try:
                import requests
            except ImportError:
                sys.exit("pip install requests")
            ⟧```
            """,
            finds: "pip requests"),
        RuleExample(
            """
            ```js
            ⟦let sharp
            try { sharp = require('sharp') } catch { sharp = null }
            ⟧```
            """,
            finds: "npm sharp, optional"),
        .nothing(
            """
            ```python
            import os
            import your_package
            ```
            """),
        .nothing(
            """
            ```js
            import x from './x.js'
            ```
            """),
    ]
}
